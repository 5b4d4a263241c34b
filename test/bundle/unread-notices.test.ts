import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { receiveAll } from '../../cli/local/subscriber.ts';
import { type LocalStack, startLocalStack } from '../../cli/local/topology.ts';
import type { RunningServer } from '../loopback-server.ts';
import { forgetSent } from './dedup-items.ts';
import { before, down } from './servers.ts';

let stack: LocalStack;
let proxy: RunningServer | undefined;

beforeAll(async () => {
  stack = await startLocalStack();
});
afterAll(async () => {
  await proxy?.stop();
  await stack.stop();
});
beforeEach(() => forgetSent(stack));

const suspicious = '{"resource":"certificatesigningrequests","who":"mallory"}';
const malformed = '{"objectRef":{"resource":"certificatesigningrequests",';
const trace = 'I0302 trace.go:1] url:/apis/certificates.k8s.io/v1/certificatesigningrequests';

function delivery(logGroup: string, ...messages: string[]) {
  const logEvents = messages.map((message, index) => ({ id: `${index}`, timestamp: 0, message }));
  const envelope = { messageType: 'DATA_MESSAGE', owner: '1', logGroup, logStream: 's', logEvents };
  return { awslogs: { data: gzipSync(JSON.stringify(envelope)).toString('base64') } };
}

/** The notices that reached the operations topic since the last call. */
async function notices() {
  const messages = await receiveAll(stack.aws.sqs, stack.operationsQueueUrl);
  return messages.map(({ Message }) => String(Message));
}

const counts = (log: readonly string[]) =>
  log.map((line) => JSON.parse(line)).filter((line) => '_aws' in line);

describe('records that contain a literal and cannot be evaluated', () => {
  test('are reported to the operations topic with place and reason, and logged and counted', async () => {
    const { logs } = stack.logsSource;
    const from = logs.log.length;
    await logs.invoke(delivery('/aws/eks/prod/cluster', suspicious, trace, malformed));
    const [notice, ...others] = await notices();
    expect(others).toEqual([]);
    expect(notice).toContain('on 2 records of log group /aws/eks/prod/cluster');
    expect(notice).toContain('event 0: contains a literal');
    expect(notice).toContain('event 2: truncated: ');
    expect(notice).toContain('docs/runbook.md#suspicious-records');
    await expect.poll(() => logs.log.length - from).toBe(3);
    const lines = logs.log.slice(from).map((line) => JSON.parse(line));
    expect(lines.find((line) => '_aws' in line)).toMatchObject({ NotAudit: 2, Suspicious: 1, Rejected: 1 });
    expect(lines.find(({ message }) => message === 'record suspicious')).toMatchObject({
      level: 'warn',
      place: { logEventId: '0' },
    });
  });

  test('are reported once per window and source, by all functions together', async () => {
    const another = await stack.startAnother('logs');
    for (const logs of [stack.logsSource.logs, another]) {
      await logs.invoke(delivery('/aws/eks/one/cluster', malformed));
      await logs.invoke(delivery('/aws/eks/two/cluster', malformed));
    }
    expect((await notices()).map((text) => /log group \S+/.exec(text)?.[0]).sort()).toEqual([
      'log group /aws/eks/one/cluster,',
      'log group /aws/eks/two/cluster,',
    ]);
  });

  test('are reported without the table, once per process', async () => {
    const alone = await stack.startAnother('logs', { AWS_ENDPOINT_URL_DYNAMODB: await down() });
    for (let count = 0; count < 3; count += 1)
      await alone.invoke(delivery('/aws/eks/three/cluster', malformed));
    expect(await notices()).toHaveLength(1);
    expect(alone.log.join('\n')).toContain('notice sent without deduplication');
  });

  test('are reported again if SNS did not accept the notice, and the failure is counted', async () => {
    proxy = await before(stack.aws.environment['AWS_ENDPOINT_URL'] ?? '', () => ({
      status: 403,
      body: '<ErrorResponse/>',
    }));
    const failing = await stack.startAnother('logs', { AWS_ENDPOINT_URL_SNS: proxy.url });
    await failing.invoke(delivery('/aws/eks/four/cluster', malformed));
    await expect.poll(() => counts(failing.log)).toMatchObject([{ PublishFailures: 1, Faults: 0 }]);
    expect(await notices()).toEqual([]);
    await stack.logsSource.logs.invoke(delivery('/aws/eks/four/cluster', malformed));
    expect(await notices()).toHaveLength(1);
  });

  test('of an object are reported, unless a backfill without alerts reads it', async () => {
    const { bucket, s3, objects } = stack.s3Source;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'odd.json', Body: `${suspicious}\n` }));
    const item = { bucket, key: 'odd.json' };
    const quiet = await objects.invoke({ ...item, alerts: false });
    expect(quiet).toMatchObject({ objects: [{ notAudit: 1, suspicious: 1, rejected: 0 }] });
    expect(await notices()).toEqual([]);
    await objects.invoke(item);
    expect(await notices()).toEqual([expect.stringContaining(`s3://${bucket}/odd.json, byte 0: contains`)]);
  });

  test('from which a name could begin a line or hide text are shown escaped', async () => {
    const { bucket, s3, objects } = stack.s3Source;
    const key = 'a\nAll is well\u202e.json';
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: `${suspicious}\n` }));
    await objects.invoke({ bucket, key });
    const [notice = ''] = await notices();
    expect(notice).not.toContain('\nAll is well');
    expect(notice).not.toContain('\u202e');
  });
});

describe('a bucket shows that logs arrive', () => {
  test.each<[string, string, number | undefined]>([
    [
      'with an audit log, all of it skipped',
      '{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a"}\n',
      1,
    ],
    ['not with a log of another component', 'scheduler: started\n', undefined],
    ['not with bytes that are not read', 'PAR1', undefined],
  ])('%s', async (_, body, objectsCount) => {
    const { bucket, s3, objects } = stack.s3Source;
    const from = objects.log.length;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'log', Body: body }));
    const notification = {
      s3: { bucket: { name: bucket }, object: { key: 'log' } },
      eventName: 'ObjectCreated:Put',
    };
    await objects.invoke({
      Records: [
        { messageId: 'm', eventSource: 'aws:sqs', body: JSON.stringify({ Records: [notification] }) },
      ],
    });
    await expect.poll(() => counts(objects.log.slice(from))).toHaveLength(1);
    expect(counts(objects.log.slice(from))[0].Objects).toBe(objectsCount);
  });
});
