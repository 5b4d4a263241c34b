import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drainQueue, dropObject, type RoadReport, sendThroughLogs } from './local/roads.ts';
import { printPages } from './local/show.ts';
import { receiveAll } from './local/subscriber.ts';
import { startLocalStack } from './local/topology.ts';

const sample = (name: string) => fileURLToPath(new URL(`../samples/${name}`, import.meta.url));
const samples = { logs: [sample('eks.ndjson.gz')], objects: [sample('self-managed.ndjson.gz')] };

const own = process.argv.slice(2);
const missing = own.filter((path) => !existsSync(path));
if (missing.length > 0) {
  process.stderr.write(`start: no such file: ${missing.join(', ')}\n`);
  process.exit(2);
}
const files = own.length > 0 ? { logs: own, objects: own } : samples;
const say = (text: string) => process.stdout.write(`${text}\n`);

say('Starting a local AWS (S3, SQS, SNS on loopback) with the stack of `cdk deploy -c cluster=prod` in it …');
const stack = await startLocalStack();
try {
  say(`  AWS would deliver only ${stack.filterPattern}\n`);

  say('Road 1: CloudWatch Logs subscription → function → topics');
  for (const path of files.logs) report(path, await sendThroughLogs(path, stack.logsRoad));
  const fromLogs = await receivedPages();
  say(`  ${fromLogs.findings.length} findings, ${fromLogs.pages.length} pages\n`);

  say('Road 2: objects in the bucket → queue → function → topics');
  for (const path of files.objects) {
    await dropObject(path, stack.objectsRoad);
    report(path, await drainQueue(stack.objectsRoad));
  }
  const fromObjects = await receivedPages();
  say(`  ${fromObjects.findings.length} findings, ${fromObjects.pages.length} pages\n`);

  printPages([...fromLogs.pages, ...fromObjects.pages], [...fromLogs.findings, ...fromObjects.findings], say);
  say(summary(fromLogs.findings.length, fromObjects.findings.length));
} finally {
  await stack.stop();
}

async function receivedPages() {
  const { sqs } = stack.aws;
  return {
    findings: await receiveAll(sqs, stack.findingsQueueUrl),
    pages: await receiveAll(sqs, stack.pagesQueueUrl),
  };
}

function report(path: string, { deliveries, failures }: RoadReport): void {
  say(
    `  ${path.split('/').at(-1)}: ${deliveries} deliveries${failures.length > 0 ? `, ${failures.length} failed` : ''}`,
  );
  for (const failure of failures) say(`    ${failure}`);
}

function summary(logs: number, objects: number): string {
  const counts = stack.functions
    .flatMap(({ log }) => log)
    .flatMap((line) =>
      line.includes('"scanned"') ? [JSON.parse(line) as { bytes: number; events: number }] : [],
    );
  const bytes = counts.reduce((sum, count) => sum + count.bytes, 0);
  const events = counts.reduce((sum, count) => sum + count.events, 0);
  return [
    `In short: the function read ${(bytes / 1e6).toFixed(1)} MB of audit logs, looked closely at ${events} events,`,
    `and found ${logs} on the logs road and ${objects} on the S3 road that somebody should know of.`,
    'Each went out once to programs (a queue) and to people (e-mail and SMS), as shown above.',
    'With your own logs: npm start -- FILE…',
  ].join('\n');
}
