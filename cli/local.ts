import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drainQueue, dropObject, type RoadReport, sendThroughLogs } from './local/roads.ts';
import { printPages } from './local/show.ts';
import { type Received, receiveAll } from './local/subscriber.ts';
import { startLocalStack } from './local/topology.ts';

const sample = (name: string) => fileURLToPath(new URL(`../samples/${name}`, import.meta.url));
const samples = { logs: [sample('eks.ndjson.gz')], objects: [sample('self-managed.ndjson.gz')] };

const own = process.argv.slice(2);
const missing = own.filter((path) => !existsSync(path));
if (missing.length > 0) {
  process.stderr.write(`start: no such file: ${missing.join(', ')}\n`);
  process.exit(2);
}
const files = own.length > 0 ? { logs: own, objects: [] } : samples;
const say = (text: string) => process.stdout.write(`${text}\n`);

say(
  'Starting a local AWS (S3, SQS, SNS and DynamoDB on loopback) with the stack of `cdk deploy -c cluster=prod` in it …',
);
const stack = await startLocalStack();
try {
  say(`  AWS would deliver only ${stack.filterPattern}\n`);

  say('Road 1: CloudWatch Logs subscription → function → topics');
  for (const path of files.logs) report(path, await sendThroughLogs(path, stack.logsRoad));
  const fromLogs = await receivedPages();
  say(`  ${newOnes(fromLogs)}\n`);

  const fromObjects = await throughObjects(
    'Road 2: objects in the bucket → queue → function → topics',
    files.objects,
  );
  const again = await throughObjects(
    'The log of road 1 once more, by road 2: what was paged is remembered',
    files.logs,
  );

  const seen = [fromLogs, fromObjects, again];
  printPages(
    seen.flatMap(({ pages }) => pages),
    seen.flatMap(({ findings }) => findings),
    say,
  );
  say(summary(fromLogs, fromObjects, again));
} finally {
  await stack.stop();
}

interface Seen {
  readonly findings: readonly Received[];
  readonly pages: readonly Received[];
}

async function throughObjects(title: string, paths: readonly string[]): Promise<Seen> {
  if (paths.length === 0) return { findings: [], pages: [] };
  say(title);
  for (const path of paths) {
    await dropObject(path, stack.objectsRoad);
    report(path, await drainQueue(stack.objectsRoad));
  }
  const seen = await receivedPages();
  say(`  ${newOnes(seen)}\n`);
  return seen;
}

async function receivedPages(): Promise<Seen> {
  const { sqs } = stack.aws;
  return {
    findings: await receiveAll(sqs, stack.findingsQueueUrl),
    pages: await receiveAll(sqs, stack.pagesQueueUrl),
  };
}

function newOnes({ findings, pages }: Seen): string {
  return `${counted(findings.length, 'new finding')}, ${counted(pages.length, 'new page')}`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function report(path: string, { deliveries, failures }: RoadReport): void {
  say(
    `  ${path.split('/').at(-1)}: ${counted(deliveries, 'delivery', 'deliveries')}${failures.length > 0 ? `, ${failures.length} failed` : ''}`,
  );
  for (const failure of failures) say(`    ${failure}`);
}

function summary(fromLogs: Seen, fromObjects: Seen, again: Seen): string {
  const counts = stack.functions
    .flatMap(({ log }) => log)
    .flatMap((line) =>
      line.includes('"_aws"') ? [JSON.parse(line) as { Bytes: number; Events: number }] : [],
    );
  const bytes = counts.reduce((sum, count) => sum + count.Bytes, 0);
  const events = counts.reduce((sum, count) => sum + count.Events, 0);
  const found = `${fromLogs.findings.length} on the logs road and ${fromObjects.findings.length} on the S3 road`;
  return [
    `In short: the function read ${(bytes / 1e6).toFixed(1)} MB of audit logs, looked closely at ${events} events,`,
    `and found ${found} that somebody should know of.`,
    'Each went out once to programs (a queue) and to people (e-mail and SMS), as shown above;',
    `the log of road 1 by road 2 brought ${newOnes(again)}.`,
    'With your own logs: npm start -- FILE…',
  ].join('\n');
}
