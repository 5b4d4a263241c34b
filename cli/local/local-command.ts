import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { counted, sizeText } from '../amounts.ts';
import { endQuietlyOnClosedPipe } from '../output.ts';
import { drainQueue, dropObject, type SourceReport, sendThroughLogs } from './local-sources.ts';
import { printAlerts } from './print-alerts.ts';
import { type Received, receiveAll } from './subscriber.ts';
import { startLocalStack } from './topology.ts';

const sample = (name: string) => fileURLToPath(new URL(`../../samples/${name}`, import.meta.url));
const samples = { logs: [sample('eks.ndjson.gz')], objects: [sample('self-managed.ndjson.gz')] };

const shownCharacters = 60;
/** What CloudWatch Logs takes. */
const patternLimit = 1_024;

const usage = `Usage: npm start [-- FILE…]

Starts a local AWS on loopback, sends audit logs through the function as it would be deployed, and shows the pages.
Without a FILE it sends the samples.

Exit status: 0 everything arrived, 1 a delivery failed or a file could not be read to its end, 2 a wrong call.
`;

endQuietlyOnClosedPipe();
const own = process.argv.slice(2);
if (own.includes('--help')) {
  process.stdout.write(usage);
  process.exit();
}
const missing = own.filter((path) => !statSync(path, { throwIfNoEntry: false })?.isFile());
if (missing.length > 0) {
  process.stderr.write(`start: no such file: ${missing.join(', ')}\nstart --help shows what it takes.\n`);
  process.exit(2);
}
const files = own.length > 0 ? { logs: own, objects: [] } : samples;
const say = (text: string) => process.stdout.write(`${text}\n`);

say(
  'Starting a local AWS (S3, SQS, SNS, DynamoDB on loopback) with the stack of `cdk deploy` and its function …\n',
);
const stack = await startLocalStack();
try {
  say('Road 1, as on EKS: CloudWatch Logs → function → topics');
  for (const path of files.logs) report(path, await sendThroughLogs(path, stack.logsSource));
  const fromLogs = await receivedPages();
  say(`  ${newOnes(fromLogs)}`);
  say(`  (The subscription filter delivers what the rules can match: ${patternText(stack.filterPattern)})\n`);

  const fromObjects = await throughObjects(
    'Road 2, as from any cluster: objects in a bucket → queue → function → topics',
    files.objects,
  );
  const again = await throughObjects(
    'The log of road 1 once more, by road 2: nobody is paged twice',
    files.logs,
  );

  const seen = [fromLogs, fromObjects, again];
  printAlerts(
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
    await dropObject(path, stack.s3Source);
    report(path, await drainQueue(stack.s3Source));
  }
  const seen = await receivedPages();
  say(`  ${newOnes(seen)}\n`);
  return seen;
}

async function receivedPages(): Promise<Seen> {
  const { sqs } = stack.aws;
  return {
    findings: await receiveAll(sqs, stack.findingsQueueUrl),
    pages: await receiveAll(sqs, stack.alertsQueueUrl),
  };
}

function newOnes({ findings, pages }: Seen): string {
  return `${counted(findings.length, 'new finding')}, ${counted(pages.length, 'new page')}`;
}

function report(path: string, { deliveries, failures }: SourceReport): void {
  say(`  ${path.split('/').at(-1)}: ${counted(deliveries, 'delivery', 'deliveries')}`);
  for (const failure of failures) say(`    ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
}

function summary(fromLogs: Seen, fromObjects: Seen, again: Seen): string {
  const counts = stack.functions
    .flatMap(({ log }) => log)
    .flatMap((line) =>
      line.includes('"_aws"') ? [JSON.parse(line) as { Bytes: number; Events: number }] : [],
    );
  const bytes = counts.reduce((sum, count) => sum + count.Bytes, 0);
  const events = counts.reduce((sum, count) => sum + count.Events, 0);
  const findings = fromLogs.findings.length + fromObjects.findings.length;
  const pages = fromLogs.pages.length + fromObjects.pages.length;
  const found =
    findings === 0
      ? ['nothing.']
      : [
          `${counted(findings, 'finding')}: each went out once to programs, and in ${counted(pages, 'page')} to people. Sent again, the same`,
          `log brought ${newOnes(again)}.`,
        ];
  return [
    `In short: the function took in ${sizeText(bytes)} of audit logs, looked closely at ${counted(events, 'event')}, and found`,
    ...found,
    '',
    'With your own logs:            npm start -- FILE…      (or npm run -s scan -- FILE…, without AWS)',
    'Every alert on every channel:  docs/alerts.md',
    'Into your account:             npx cdk deploy -c cluster=NAME -c email=ADDRESS',
  ].join('\n');
}

function patternText(pattern: string): string {
  return pattern.length <= shownCharacters
    ? pattern
    : `${pattern.slice(0, shownCharacters)}… ${pattern.length} of ${patternLimit} characters`;
}
