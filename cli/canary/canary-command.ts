import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { CanaryOptions, CanaryResult } from '../../lambda/canary/run-canary.ts';
import { isCheckout } from '../checkout.ts';
import { runCommand } from '../stack/stack-command.ts';
import { StackError } from '../stack/stack-outputs.ts';
import { canaryReport } from './canary-report.ts';
import { runDeployedCanary } from './deployed-canary.ts';

const usage = `Usage: csrwatch canary [--stack NAME [--alert]] [--timeout SECONDS]

Sends a harmless, clearly marked event through every log group and bucket of a deployed stack
and waits for its alert on the findings topic. Then lists who is subscribed to the alerts and to
the alarms about csrwatch itself. Without --stack it sends through the sources of a local AWS,
with nothing deployed, where no one is subscribed.

  --stack NAME       the stack, in the account and region of your credentials
  --alert            also send a test alert to people, on every channel
  --timeout SECONDS  how long to wait for the alerts (default 300)

Exit status: 0 every alert arrived and a person is subscribed, 1 an alert did not arrive or no
subscription of a person is confirmed, 2 a usage error or no such stack.

Examples:
  npx csrwatch canary --stack csrwatch
  npx csrwatch canary --stack csrwatch --alert
`;

export function run(args: readonly string[]): Promise<number> {
  return runCommand('canary', async () => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        stack: { type: 'string' },
        alert: { type: 'boolean', default: false },
        timeout: { type: 'string', default: '300' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(usage);
      return 0;
    }
    const seconds = Number(values.timeout);
    if (!(seconds > 0)) throw new StackError(`--timeout ${values.timeout}: expected a number of seconds`);
    if (values.alert && values.stack === undefined) throw new StackError('--alert: it needs --stack NAME');
    const options = { id: randomUUID(), timeoutMs: seconds * 1_000, pauseMs: 1_000 };
    const outcome =
      values.stack === undefined
        ? { results: await localCanary(options) }
        : await runDeployedCanary(values.stack, values.alert, options);
    const { lines, ok } = canaryReport(outcome);
    process.stdout.write(`${lines.join('\n')}\n`);
    return ok ? 0 : 1;
  });
}

/** Loaded when needed: the local AWS is not a part of the package. */
async function localCanary(options: CanaryOptions): Promise<CanaryResult[]> {
  if (!isCheckout())
    throw new StackError('--stack NAME is required: a canary through a local AWS needs a checkout');
  const { runLocalCanary } = await import('../local/local-canary.ts');
  return runLocalCanary(options);
}
