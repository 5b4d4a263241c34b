import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { bucketSource, logGroupSource, queueInbox } from '../../lambda/canary/canary-sources.ts';
import { type CanaryResult, runCanary } from '../../lambda/canary/run-canary.ts';
import { runLocalCanary } from '../local/local-canary.ts';
import { runCommand } from '../stack/stack-command.ts';
import { listOutput, output, readOutputs, StackError } from '../stack/stack-outputs.ts';

const usage = `Usage: npm run -s canary -- [--stack NAME] [--timeout SECONDS]

Sends a harmless, clearly marked event down every road of a deployed stack and waits for its page: through each watched
log group and each watched bucket, to the findings topic. Without --stack it does so on a local AWS, with nothing deployed.

  --stack NAME       the stack, in the account and region of your credentials
  --timeout SECONDS  how long to wait for the pages (default 300)

Exit status: 0 every page came, 1 one did not, 2 a wrong call or no such stack.
`;

await runCommand('canary', async () => {
  const { values } = parseArgs({
    options: {
      stack: { type: 'string' },
      timeout: { type: 'string', default: '300' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const seconds = Number(values.timeout);
  if (!(seconds > 0)) throw new StackError(`--timeout ${values.timeout}: a number of seconds is needed`);
  const options = { id: randomUUID(), timeoutMs: seconds * 1_000, pauseMs: 1_000 };
  return report(
    values.stack === undefined ? await runLocalCanary(options) : await deployed(values.stack, options),
  );
});

async function deployed(stack: string, options: Parameters<typeof runCanary>[2]): Promise<CanaryResult[]> {
  const outputs = await readOutputs(stack);
  const queueUrl = output(outputs, 'CanaryQueue', 'it was deployed by an older version; deploy it again');
  const s3 = new S3Client({});
  const roads = [
    ...listOutput(outputs, 'WatchedLogGroups').map((name) => logGroupSource(name)),
    ...listOutput(outputs, 'WatchedObjects').map((place) => bucketSource(place, s3)),
  ];
  if (roads.length === 0) throw new StackError(`the stack ${stack} watches no log group and no bucket`);
  process.stderr.write(`sent down ${roads.length} roads; waiting for their pages …\n`);
  return runCanary(roads, queueInbox(queueUrl, new SQSClient({})), options);
}

function report(results: readonly CanaryResult[]): number {
  for (const result of results) {
    process.stdout.write(
      result.ok
        ? `open    ${result.road}: its page came after ${result.seconds.toFixed(1)} s\n`
        : `CLOSED  ${result.road}: ${result.reason}\n`,
    );
  }
  return results.every(({ ok }) => ok) ? 0 : 1;
}
