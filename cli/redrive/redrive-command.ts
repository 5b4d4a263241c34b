import { parseArgs } from 'node:util';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { runCommand } from '../stack/stack-command.ts';
import { readOutputs, StackError } from '../stack/stack-outputs.ts';
import { backFromBucket, backToQueue, type DeadLetters, redrive } from './redrive-messages.ts';

const usage = `Usage: csrwatch redrive --stack NAME [--dry-run]

Retries failed inputs: sends notifications of objects to their queue, and log deliveries and stream
records to their function. A message is deleted only after its input was accepted; an input that
fails again is put into the dead-letter queue again.

  --stack NAME   the stack, in the account and region of your credentials
  --dry-run      only count the failed inputs

Exit status: 0 if every failed input was sent back or there was none, 1 if one could not be sent
back, 2 for a usage error or an unknown stack.

Examples:
  npx csrwatch redrive --stack csrwatch --dry-run
  npx csrwatch redrive --stack csrwatch
`;

export function run(args: readonly string[]): Promise<number> {
  return runCommand('redrive', async () => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        stack: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(usage);
      return 0;
    }
    if (values.stack === undefined) throw new StackError('--stack NAME is required');
    const sqs = new SQSClient({});
    const places = deadLettersOf(await readOutputs(values.stack), sqs);
    if (places.length === 0) throw new StackError(`the stack ${values.stack} has no dead letters`);
    let left = 0;
    for (const place of places) {
      const report = await redrive(place, sqs, { dryRun: values['dry-run'] });
      left += report.failures.length;
      const what = values['dry-run'] ? `${report.waiting} waiting` : `${report.putBack} put back`;
      process.stdout.write(
        `${place.name}: ${what}${report.failures.length > 0 ? `, ${report.failures.length} not` : ''}\n`,
      );
      for (const failure of report.failures.slice(0, 10)) process.stdout.write(`  ${failure}\n`);
    }
    return left > 0 ? 1 : 0;
  });
}

function deadLettersOf(outputs: Readonly<Record<string, string>>, sqs: SQSClient): DeadLetters[] {
  const {
    ObjectsDeadLetterQueue: objects,
    ObjectsQueue: queue,
    LogsDeadLetterQueue: logs,
    LogsFunction: detector,
  } = outputs;
  const lambda = new LambdaClient({});
  return [
    ...(objects && queue ? [{ name: 'objects', url: objects, putBack: backToQueue(queue, sqs) }] : []),
    ...(logs && detector
      ? [
          {
            name: 'log deliveries and stream records',
            url: logs,
            putBack: backFromBucket(detector, lambda, new S3Client({})),
          },
        ]
      : []),
  ];
}
