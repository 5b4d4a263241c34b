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
/** CloudWatch Logs' limit for a filter pattern. */
const patternLimit = 1_024;

const usage = `Usage: npm start [-- FILE…]

Starts a local AWS on loopback, sends audit logs through the function as it would be deployed, and shows the alerts.
Without a FILE it sends the sample logs.

Exit status: 0 if everything was delivered, 1 if a delivery failed or a file could not be read to its end, 2 for a
usage error.
`;

endQuietlyOnClosedPipe();
const own = process.argv.slice(2);
if (own.includes('--help')) {
  process.stdout.write(usage);
  process.exit();
}
const missing = own.filter((path) => !statSync(path, { throwIfNoEntry: false })?.isFile());
if (missing.length > 0) {
  process.stderr.write(`start: no such file: ${missing.join(', ')}\nstart --help shows the usage.\n`);
  process.exit(2);
}
const files = own.length > 0 ? { logs: own, objects: [] } : samples;
const say = (text: string) => process.stdout.write(`${text}\n`);

say(
  'Starting a local AWS (S3, SQS, SNS and DynamoDB on loopback) with the stack of `cdk deploy` and its function …\n',
);
const stack = await startLocalStack();
try {
  say('The CloudWatch Logs source, as on EKS: log group → function → topics');
  for (const path of files.logs) report(path, await sendThroughLogs(path, stack.logsSource));
  const fromLogs = await receivedMessages();
  say(`  ${newOnes(fromLogs)}`);
  say(`  (The subscription filter delivers what the rules can match: ${patternText(stack.filterPattern)})\n`);

  const fromObjects = await throughObjects(
    'The S3 source, for any cluster: objects in a bucket → queue → function → topics',
    files.objects,
  );
  const again = await throughObjects(
    'The first log again, through the S3 source: deduplication sends no second alert',
    files.logs,
  );

  const seen = [fromLogs, fromObjects, again];
  printAlerts(
    seen.flatMap(({ alerts }) => alerts),
    seen.flatMap(({ findings }) => findings),
    say,
  );
  say(summary(fromLogs, fromObjects, again));
} finally {
  await stack.stop();
}

interface Seen {
  readonly findings: readonly Received[];
  readonly alerts: readonly Received[];
}

async function throughObjects(title: string, paths: readonly string[]): Promise<Seen> {
  if (paths.length === 0) return { findings: [], alerts: [] };
  say(title);
  for (const path of paths) {
    await dropObject(path, stack.s3Source);
    report(path, await drainQueue(stack.s3Source));
  }
  const seen = await receivedMessages();
  say(`  ${newOnes(seen)}\n`);
  return seen;
}

async function receivedMessages(): Promise<Seen> {
  const { sqs } = stack.aws;
  return {
    findings: await receiveAll(sqs, stack.findingsQueueUrl),
    alerts: await receiveAll(sqs, stack.alertsQueueUrl),
  };
}

function newOnes({ findings, alerts }: Seen): string {
  return `${counted(findings.length, 'new finding')}, ${counted(alerts.length, 'new alert')}`;
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
  const alerts = fromLogs.alerts.length + fromObjects.alerts.length;
  const found =
    findings === 0
      ? ['nothing.']
      : [
          `${counted(findings, 'finding')}, each sent once to programs, and ${counted(alerts, 'alert')} for people. The log that was sent twice`,
          `added ${newOnes(again)}.`,
        ];
  return [
    `Summary: the function read ${sizeText(bytes)} of audit logs, evaluated ${counted(events, 'event')}, and found`,
    ...found,
    '',
    'With your own logs:            npm start -- FILE…      (or npm run -s scan -- FILE…, without AWS)',
    'Every alert on every channel:  docs/alerts.md',
    'Deploy to your account:        npx cdk deploy -c cluster=NAME -c email=ADDRESS',
  ].join('\n');
}

function patternText(pattern: string): string {
  return pattern.length <= shownCharacters
    ? pattern
    : `${pattern.slice(0, shownCharacters)}… ${pattern.length} of ${patternLimit} characters`;
}
