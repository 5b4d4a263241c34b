import { randomUUID } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { testAlertName } from '../../lambda/canary/canary-event.ts';
import { bucketSource, logGroupSource, queueInbox } from '../../lambda/canary/canary-sources.ts';
import {
  type CanaryOptions,
  type CanarySource,
  type ReceiveAlerts,
  runCanary,
} from '../../lambda/canary/run-canary.ts';
import { listOutput, output, readOutputs, StackError, type StackOutputs } from '../stack/stack-outputs.ts';
import type { CanaryOutcome } from './canary-report.ts';
import { checkPeople } from './check-people.ts';
import { listSubscriptions } from './topic-subscriptions.ts';

const older = 'it was deployed by an older version; deploy it again';

/** @param sendsAlert - whether people get a test alert, too */
export async function runDeployedCanary(
  stack: string,
  sendsAlert: boolean,
  options: CanaryOptions,
): Promise<CanaryOutcome> {
  const outputs = await readOutputs(stack);
  const queueUrl = output(outputs, 'CanaryQueue', older);
  const topics = topicsOf(outputs);
  const s3 = new S3Client({});
  const sources = [
    ...listOutput(outputs, 'WatchedLogGroups').map((name) => logGroupSource(name)),
    ...listOutput(outputs, 'WatchedObjects').map((place) => bucketSource(place, s3)),
  ];
  if (sources.length === 0) throw new StackError(`the stack ${stack} reads no log group and no bucket`);
  process.stderr.write(`sent through ${sources.length} sources; waiting for the alerts …\n`);
  const receive = queueInbox(queueUrl, new SQSClient({}));
  const results = await runCanary(sources, receive, options);
  const working = sources.find((_, index) => results[index]?.ok) ?? sources[0];
  const testAlert = sendsAlert && working ? await sendTestAlert(working, receive, options) : undefined;
  const sns = new SNSClient({});
  const checked = await Promise.all(
    topics.map(async ({ arn, ...topic }) => ({ ...topic, listed: await listSubscriptions(sns, arn) })),
  );
  const people = checkPeople(checked, {
    isConfigured: outputs['HumanSubscribers'] === 'true',
    canaryQueue: queueUrl.split('/').at(-1) ?? '',
  });
  return { results, topics: checked, people, ...(testAlert ? { testAlert } : {}) };
}

/** Sent after the canaries, through a source that works. */
async function sendTestAlert(source: CanarySource, receive: ReceiveAlerts, options: CanaryOptions) {
  const [result] = await runCanary([source], receive, { ...options, id: randomUUID(), name: testAlertName });
  return result;
}

/** An item of `HumanChannels` is `name rendering arn`. */
function topicsOf(outputs: StackOutputs) {
  const human = listOutput(outputs, 'HumanChannels').map((item) => {
    const [name = '', rendering = '', arn = ''] = item.split(' ');
    return { name, rendering, arn };
  });
  if (human.length === 0) throw new StackError(`the stack has no output HumanChannels: ${older}`);
  return [
    ...human,
    { name: 'operations', rendering: 'operations', arn: output(outputs, 'OperationsTopic', older) },
    { name: 'findings', rendering: 'json', arn: output(outputs, 'FindingsTopic', older) },
  ];
}
