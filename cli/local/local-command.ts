import { statSync } from 'node:fs';
import { packageFile } from '../../lambda/rules/package-file.ts';
import { counted, sizeText } from '../amounts.ts';
import { drainQueue, dropObject, type SourceReport, sendThroughLogs } from './local-sources.ts';
import { printAlerts } from './print-alerts.ts';
import { type Received, receiveAll } from './subscriber.ts';
import { type LocalStack, startLocalStack } from './topology.ts';

const sample = (name: string) => packageFile(`samples/${name}`);
const samples = {
  logs: [sample('eks.ndjson.gz')],
  objects: [sample('self-managed.ndjson.gz'), sample('certificate-used.ndjson.gz')],
};

const shownCharacters = 60;
/** CloudWatch Logs' limit for a filter pattern. */
const patternLimit = 1_024;

const usage = `Usage: csrwatch local [FILE…]      (in a checkout: npm start [-- FILE…])

Starts a local AWS on loopback, sends audit logs through the function as it would be deployed,
and shows the alerts. Without a FILE it sends the sample logs.

Examples:
  npm start
  npm start -- audit.log

Exit status: 0 if everything was delivered, 1 if a delivery failed or a file could not be read
to its end, 2 for a usage error.
`;

const say = (text: string) => process.stdout.write(`${text}\n`);

export async function run(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  const missing = args.filter((path) => !statSync(path, { throwIfNoEntry: false })?.isFile());
  if (missing.length > 0) {
    process.stderr.write(
      `${missing.map((path) => `local: ${path}: there is no such file\n`).join('')}local --help shows the usage.\n`,
    );
    return 2;
  }
  say(
    'Starting a local AWS (S3, SQS, SNS and DynamoDB on loopback) with the stack of `cdk deploy` and its function …\n',
  );
  const stack = await startLocalStack();
  try {
    return await sendAndShow(stack, args.length > 0 ? { logs: args, objects: [] } : samples);
  } finally {
    await stack.stop();
  }
}

/** @returns the exit status */
async function sendAndShow(stack: LocalStack, files: Files): Promise<number> {
  say('The CloudWatch Logs source, as on EKS: log group → function → topics');
  let failures = 0;
  for (const path of files.logs) failures += report(path, await sendThroughLogs(path, stack.logsSource));
  const fromLogs = { ...(await receivedMessages(stack)), failures };
  say(`  ${newOnes(fromLogs)}`);
  say(`  (The subscription filter delivers what the rules can match: ${patternText(stack.filterPattern)})\n`);

  const fromObjects = await throughObjects(
    stack,
    'The S3 source, for any cluster: objects in a bucket → queue → function → topics',
    files.objects,
  );
  const again = await throughObjects(
    stack,
    'The first log again, through the S3 source: deduplication sends no second alert',
    files.logs,
  );

  const seen = [fromLogs, fromObjects, again];
  printAlerts(
    seen.flatMap(({ alerts }) => alerts),
    seen.flatMap(({ findings }) => findings),
    say,
  );
  say(summary(stack, fromLogs, fromObjects, again));
  return seen.some(({ failures }) => failures > 0) ? 1 : 0;
}

interface Files {
  readonly logs: readonly string[];
  readonly objects: readonly string[];
}

interface Messages {
  readonly findings: readonly Received[];
  readonly alerts: readonly Received[];
}

interface Seen extends Messages {
  /** Deliveries that failed. */
  readonly failures: number;
}

async function throughObjects(stack: LocalStack, title: string, paths: readonly string[]): Promise<Seen> {
  if (paths.length === 0) return { findings: [], alerts: [], failures: 0 };
  say(title);
  let failures = 0;
  for (const path of paths) {
    await dropObject(path, stack.s3Source);
    failures += report(path, await drainQueue(stack.s3Source));
  }
  const seen = { ...(await receivedMessages(stack)), failures };
  say(`  ${newOnes(seen)}\n`);
  return seen;
}

async function receivedMessages(stack: LocalStack): Promise<Messages> {
  const { sqs } = stack.aws;
  return {
    findings: await receiveAll(sqs, stack.findingsQueueUrl),
    alerts: await receiveAll(sqs, stack.alertsQueueUrl),
  };
}

function newOnes({ findings, alerts }: Messages): string {
  return `${counted(findings.length, 'new finding')}, ${counted(alerts.length, 'new alert')}`;
}

/** @returns how many deliveries failed */
function report(path: string, { deliveries, failures }: SourceReport): number {
  say(`  ${path.split('/').at(-1)}: ${counted(deliveries, 'delivery', 'deliveries')}`);
  for (const failure of failures) say(`    ${failure}`);
  return failures.length;
}

function summary(stack: LocalStack, fromLogs: Seen, fromObjects: Seen, again: Seen): string {
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
    'With your own logs:            npm start -- FILE…      (or npx csrwatch scan FILE…, without AWS)',
    'Every alert on every channel:  docs/alerts.md',
    'Deploy to your account:        npx cdk deploy -c cluster=NAME -c email=ADDRESS',
  ].join('\n');
}

function patternText(pattern: string): string {
  return pattern.length <= shownCharacters
    ? pattern
    : `${pattern.slice(0, shownCharacters)}… ${pattern.length} of ${patternLimit} characters`;
}
