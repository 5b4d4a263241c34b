import { readFileSync } from 'node:fs';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type Rendering, renderings } from '../../lambda/alerts/channel.ts';
import { snsPublisher } from '../../lambda/alerts/publishing/sns-publisher.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { finding, messages, selfApproval } from './samples.ts';

const region = 'eu-central-1';
const server = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1', defaultRegion: region });
const endpoint = `http://127.0.0.1:${server.port}`;
const client = { region, endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const [sns, sqs] = [new SNSClient(client), new SQSClient(client)];
vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
vi.stubEnv('AWS_REGION', region);
vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');

afterAll(async () => {
  sns.destroy();
  sqs.destroy();
  await server.stop();
});

let serial = 0;
const unused = (name: string) => {
  serial += 1;
  return `${name}${serial}`;
};

/** What queues with these subscription attributes receive of the findings' messages. */
async function received(
  rendering: Rendering,
  findings: readonly Finding[],
  ...subscriptions: Record<string, string>[]
): Promise<string[][]> {
  const { TopicArn: topicArn = '' } = await sns.send(new CreateTopicCommand({ Name: unused('topic') }));
  const urls: string[] = [];
  for (const attributes of subscriptions) {
    const name = unused('queue');
    const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    const queue = `arn:aws:sqs:${region}:000000000000:${name}`;
    await sns.send(
      new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: queue, Attributes: attributes }),
    );
    urls.push(url);
  }
  const entries = messages(rendering, findings).map((message, index) => ({ id: `${index}`, message }));
  expect(await snsPublisher()(topicArn, entries)).toEqual([]);
  return Promise.all(
    urls.map(async (url) => {
      const { Messages: all = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }),
      );
      return all.map(({ Body: body = '' }) => body);
    }),
  );
}

describe('a subscriber of an SNS topic receives', () => {
  test('on json: the finding itself with raw delivery, filtered by the policies of docs/alerts.md', async () => {
    const page = readFileSync(new URL('../../docs/alerts.md', import.meta.url), 'utf8');
    const [done = '', critical = ''] = [...page.matchAll(/```json filter-policy\n(.*?)```/gs)].map(
      ([, text = '']) => text,
    );
    const findings = await Promise.all([
      finding({ id: 'asked' }),
      finding({ id: 'approved', phase: 'approved', severity: 'critical', signals: [selfApproval] }),
      finding({ id: 'refused', phase: 'approved', outcome: 'refused' }),
      finding({ id: 'dev', phase: 'issued', severity: 'critical', cluster: 'dev-1' }),
    ]);
    const raw = { RawMessageDelivery: 'true' };
    const bodies = await received(
      'json',
      findings,
      raw,
      { ...raw, FilterPolicy: done },
      { ...raw, FilterPolicy: critical },
    );
    const ids = bodies.map((all) => all.map((body) => JSON.parse(body).id).sort());
    expect(ids).toEqual([['approved', 'asked', 'dev', 'refused'], ['approved', 'dev'], ['approved']]);
  });

  // the local SNS does not select the text of a protocol in a batch
  test.each(renderings)('on %s: a message with its subject, in the envelope of SNS', async (rendering) => {
    const one = await finding({ actor: { name: '\ud800\u0000evil', groups: [], extra: {}, sourceIPs: [] } });
    const [[body = ''] = []] = await received(rendering, [one], {});
    const envelope = JSON.parse(body);
    const [message] = messages(rendering, [one]);
    expect(envelope.Subject).toBe(message?.subject);
    expect(envelope.Message).toBe(message?.body);
  });
});
