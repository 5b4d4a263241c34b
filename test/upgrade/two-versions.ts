import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { LocalFunction } from '../../cli/local/local-function.ts';
import { receiveAll } from '../../cli/local/subscriber.ts';
import type { LocalStack } from '../../cli/local/topology.ts';
import { before } from '../bundle/servers.ts';
import { certificateLogText } from '../fixtures/recordings/write-certificate-uses.ts';
import { truthTable } from '../truth-table.ts';

/** A certificate in the log, which a person removes from the watch list. */
export const removedCertificate = '87fed68954469576f002302ec75eaf745281163c5e7a301e55f8e880e836848a';

/** A record that no rule can be evaluated on. */
const unread = '{"objectRef":{"resource":"certificatesigningrequests",';

/** An event by a user; `serial` makes it another one. */
function eventBy(user: string, serial = 1): string {
  const event = JSON.parse(truthTable[0]?.text ?? '');
  return JSON.stringify({ ...event, auditID: `${user}-${serial}`, user: { username: user } });
}

function logsEvent(...messages: readonly string[]) {
  const logEvents = messages.map((message, id) => ({ id: `${id}`, timestamp: 0, message }));
  const envelope = {
    messageType: 'DATA_MESSAGE',
    ...{ owner: '000000000000', logGroup: '/aws/eks/prod/cluster', logStream: 'kube-apiserver-audit-0' },
    ...{ subscriptionFilters: ['csrwatch'], logEvents },
  };
  return { awslogs: { data: gzipSync(JSON.stringify(envelope)).toString('base64') } };
}

/** The schedule's event, as if so many minutes had passed. */
export function scheduleIn(minutes: number) {
  const time = new Date(Date.now() + minutes * 60_000).toISOString();
  return { source: 'aws.events', 'detail-type': 'Scheduled Event', time, detail: {} };
}

/** Invokes the function as a backfill of a version does. */
async function backfilled(
  stack: LocalStack,
  detector: LocalFunction,
  name: 'certificate-issued' | 'certificate-used',
): Promise<unknown> {
  const { bucket, s3 } = stack.s3Source;
  const key = `audit/${name}.ndjson`;
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: certificateLogText(name) }));
  return detector.invoke({ formatVersion: 2, bucket, key, alerts: true, addedLater: 'x' });
}

export async function received({ aws: { sqs }, ...stack }: LocalStack) {
  const findings = await receiveAll(sqs, stack.findingsQueueUrl);
  const alerts = await receiveAll(sqs, stack.alertsQueueUrl);
  const notices = await receiveAll(sqs, stack.operationsQueueUrl);
  return {
    findings: findings.map(({ Message }) => JSON.parse(Message)),
    alerts: alerts.map(({ Message }): string => JSON.parse(Message).email).sort(),
    notices: notices.length,
  };
}

/**
 * Leaves in the tables each kind of item that a version writes: alerts that were sent, claims of a function that died,
 * windows with events to be summarized, a summary that was being sent, followed certificates, one that was removed by hand,
 * and a notice.
 * @param start - starts an instance with these variables
 */
export async function writeItems(
  stack: LocalStack,
  start: (variables: Readonly<Record<string, string>>) => Promise<LocalFunction>,
): Promise<void> {
  const writer = await start({});
  await writer.invoke(logsEvent(eventBy('summary.')));
  await writer.invoke(logsEvent(eventBy('summary.', 2)));

  let held = 0;
  let reachedBoth = () => {};
  const bothHeld = new Promise<void>((resolve) => {
    reachedBoth = resolve;
  });
  const sns = await before(stack.aws.environment['AWS_ENDPOINT_URL'] ?? '', () => {
    held += 1;
    // the summary, and the claimed alert on two channels
    if (held === 3) reachedBoth();
    return new Promise(() => {});
  });
  const dying = await start({ AWS_ENDPOINT_URL_SNS: sns.url });
  const ended = Promise.allSettled([
    dying.invoke(scheduleIn(16)),
    dying.invoke(logsEvent(eventBy('claimed.'))),
  ]);
  await bothHeld;
  dying.stop();
  await ended;
  await sns.stop();

  await writer.invoke(logsEvent(eventBy('storm.'), unread));
  await writer.invoke(logsEvent(eventBy('storm.', 2)));
  await backfilled(stack, writer, 'certificate-issued');
  await writer.invoke({
    follow: {
      formatVersion: 2,
      action: 'remove',
      certificate: removedCertificate,
      reason: 'known',
      addedLater: 'x',
    },
  });
  await received(stack);
}

/** What the other version does with all that: in each step, what the subscribers received. */
export async function readItems(stack: LocalStack, reader: LocalFunction, expireClaims: () => Promise<void>) {
  const step = async (what: Promise<unknown>) => {
    const error = await what.then(
      () => undefined,
      (reason: Error) => reason.message,
    );
    const { findings, ...others } = await received(stack);
    return { error, findings: findings.length, ...others };
  };
  const invoke = (event: unknown) => step(reader.invoke(event));
  const sentBefore = await invoke(logsEvent(eventBy('storm.'), eventBy('storm.', 2), eventBy('summary.')));
  const inStorm = await invoke(logsEvent(eventBy('storm.', 3)));
  const unreadAgain = await invoke(logsEvent(unread));
  const leased = await invoke(logsEvent(eventBy('claimed.')));
  await expireClaims();
  const afterLease = await invoke(logsEvent(eventBy('claimed.')));
  const issuedAgain = await step(backfilled(stack, reader, 'certificate-issued'));
  const followed = await reader.invoke({ follow: { action: 'list' } });
  const used = await step(backfilled(stack, reader, 'certificate-used'));
  const summaries = await invoke(scheduleIn(17));
  const laterSummaries = await invoke(scheduleIn(40));
  const quiet = await invoke(scheduleIn(80));
  return {
    ...{ sentBefore, inStorm, unreadAgain, leased, afterLease },
    ...{ issuedAgain, followed, used, summaries, laterSummaries, quiet },
  };
}
