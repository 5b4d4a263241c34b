import { parseArgs } from 'node:util';
import { SFNClient } from '@aws-sdk/client-sfn';
import { runCommand } from '../stack/stack-command.ts';
import { listOutput, output, readOutputs, StackError } from '../stack/stack-outputs.ts';
import { chosenPlace } from './backfill-place.ts';
import { followBackfill, type Progress, startBackfill } from './run-backfill.ts';

const usage = `Usage: csrwatch backfill --stack NAME [--bucket NAME] [--prefix PREFIX] [options]

Runs the detector over every object below a prefix of a watched bucket, and shows the progress.
An alert that was sent before is not sent again. The results, one line for each object, are
written to the stack's own bucket.

  --stack NAME         the stack, in the account and region of your credentials
  --bucket NAME        a watched bucket (default: the stack's only one)
  --prefix PREFIX      only objects with this key prefix (default: every watched key)
  --concurrency N      objects read at once (default 50), from the account's Lambda concurrency
  --tolerate PERCENT   share of objects that may fail before the run stops (default 5)
  --no-alerts          send no alerts: only write findings to the results
  --no-wait            start the run and do not wait

Exit status: 0 done (or started, with --no-wait), 1 the run failed or was stopped, 2 a usage
error or no such stack.

Examples:
  npx csrwatch backfill --stack csrwatch --no-alerts
  npx csrwatch backfill --stack csrwatch --bucket my-audit-logs --prefix 2026/10/
`;

export function run(args: readonly string[]): Promise<number> {
  return runCommand('backfill', async () => {
    const { values } = parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        stack: { type: 'string' },
        bucket: { type: 'string' },
        prefix: { type: 'string' },
        concurrency: { type: 'string', default: '50' },
        tolerate: { type: 'string', default: '5' },
        alerts: { type: 'boolean', default: true },
        wait: { type: 'boolean', default: true },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(usage);
      return 0;
    }
    if (values.stack === undefined) throw new StackError('--stack NAME is required');
    const outputs = await readOutputs(values.stack);
    const sfn = new SFNClient({});
    const executionArn = await startBackfill(sfn, {
      stateMachineArn: output(outputs, 'BackfillStateMachine', 'it watches no bucket'),
      ...chosenPlace(listOutput(outputs, 'WatchedObjects'), values),
      concurrency: wholeNumber('--concurrency', values.concurrency, 1, 10_000),
      toleratedFailurePercentage: wholeNumber('--tolerate', values.tolerate, 0, 100),
      alerts: values.alerts,
    });
    process.stderr.write(`started ${executionArn}\n`);
    if (!values.wait) return 0;
    const end = await followBackfill(sfn, executionArn, { show, pollMs: 3_000 });
    if (process.stderr.isTTY) process.stderr.write('\n');
    process.stdout.write(`${end.status}: ${counts(end.progress)}\n`);
    process.stdout.write(`results: s3://${outputs['BackfillResults'] ?? ''}/backfill/\n`);
    if (end.cause !== undefined) process.stdout.write(`${end.cause}\n`);
    return end.status === 'SUCCEEDED' ? 0 : 1;
  });
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new StackError(`${flag} ${text}: expected a whole number from ${least} to ${most}`);
}

/** One line that changes, only on a terminal. */
function show(progress: Progress): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${counts(progress)}`);
}

function counts({ total, succeeded, failed, running, pending }: Progress): string {
  return `${succeeded + failed} of ${total} objects, ${failed} failed, ${running} running, ${pending} waiting`;
}
