import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drainQueue, dropObject, sendThroughLogs } from '../../cli/local/local-sources.ts';
import { receiveAll } from '../../cli/local/subscriber.ts';
import { type LocalStack, startLocalStack } from '../../cli/local/topology.ts';
import { expectedFindings, foundOf, recordingPath, recordings, recordingText } from '../recordings.ts';
import { truthTable } from '../truth-table.ts';
import { forgetSent } from './dedup-items.ts';

const baseRule = 'kubernetes-csr-created-or-approved';
let stack: LocalStack;
const folder = mkdtempSync(join(tmpdir(), 'csrwatch-sources-'));

beforeAll(async () => {
  stack = await startLocalStack();
});
afterAll(() => stack.stop());
// an alert that an earlier case sent would not be sent again
beforeEach(() => forgetSent(stack));

function file(name: string, bytes: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function received() {
  const messages = await receiveAll(stack.aws.sqs, stack.findingsQueueUrl);
  return messages.map(({ Message }) => JSON.parse(Message)).filter(({ rule }) => rule.id === baseRule);
}

const byAuditId = (a: { auditID: string }, b: { auditID: string }) => (a.auditID < b.auditID ? -1 : 1);

describe('the bundle behind a local AWS', () => {
  test.each(recordings)(
    'publishes from %s, through the logs, exactly the rows of the base rule',
    async (name) => {
      const { failures } = await sendThroughLogs(recordingPath(`${name}.ndjson.gz`), stack.logsSource);
      expect(failures).toEqual([]);
      const findings = await received();
      expect(foundOf(findings, name).sort(byAuditId)).toEqual(expectedFindings(name).sort(byAuditId));
    },
  );

  test.each(recordings)(
    'publishes from %s, through the bucket, exactly the rows of the base rule',
    async (name) => {
      await dropObject(recordingPath(`${name}.ndjson.gz`), stack.s3Source);
      expect((await drainQueue(stack.s3Source)).failures).toEqual([]);
      const findings = await received();
      expect(foundOf(findings, name).sort(byAuditId)).toEqual(expectedFindings(name).sort(byAuditId));
    },
  );

  test('reads a truncated file up to its end and reports it', async () => {
    const cut = gzipSync(recordingText('eks-attacks')).subarray(0, -2_000);
    const { deliveries, failures } = await sendThroughLogs(file('cut.ndjson.gz', cut), stack.logsSource);
    expect(failures).toEqual(['it cannot be read to its end: unexpected end of file']);
    expect(deliveries).toBeGreaterThan(0);
    await received();
  });

  test('publishes exactly the matches of the truth table', async () => {
    await sendThroughLogs(
      file('truth.ndjson', truthTable.map(({ text }) => `${text}\n`).join('')),
      stack.logsSource,
    );
    const found = (await received()).map(({ event }) => event.auditID).sort();
    const expected = truthTable.filter(({ matches }) => matches).map(({ text }) => JSON.parse(text).auditID);
    expect(found).toEqual(expected.sort());
  });

  test('gives an event the same id through both sources', async () => {
    const path = file('one.ndjson', `${truthTable[0]?.text}\n`);
    await sendThroughLogs(path, stack.logsSource);
    const [fromLogs] = await received();
    await forgetSent(stack);
    await dropObject(path, stack.s3Source);
    await drainQueue(stack.s3Source);
    const [fromObjects] = await received();
    expect(fromObjects.id).toBe(fromLogs.id);
  });

  test('sends people an e-mail and an SMS of the same finding', async () => {
    await receiveAll(stack.aws.sqs, stack.alertsQueueUrl);
    await sendThroughLogs(file('page.ndjson', `${truthTable[0]?.text}\n`), stack.logsSource);
    const [page] = await receiveAll(stack.aws.sqs, stack.alertsQueueUrl);
    const texts = JSON.parse(page?.Message ?? '');
    expect(Object.keys(texts)).toEqual(['default', 'email', 'sms']);
    expect(texts.email).toContain('kubectl certificate deny dev-user');
    expect(Buffer.byteLength(texts.sms)).toBeLessThanOrEqual(140);
    await received();
  });

  test('returns a truncated gzip object for retry after publishing what was readable', async () => {
    await dropObject(
      file('cut.gz', gzipSync(recordingText('eks-attacks')).subarray(0, -2_000)),
      stack.s3Source,
    );
    await dropObject(file('good.ndjson', `${truthTable[0]?.text}\n`), stack.s3Source);
    const { failures } = await drainQueue(stack.s3Source);
    expect(failures).toHaveLength(1);
    const findings = await received();
    expect(findings.length).toBeGreaterThan(1);
    const good = JSON.parse(truthTable[0]?.text ?? '').auditID;
    expect(findings.map(({ event }) => event.auditID)).toContain(good);
  });

  test("counts what it read, by source, cluster and bucket, in CloudWatch's embedded metric format", async () => {
    const from = stack.s3Source.objects.log.length;
    const broken = '{"objectRef":{"resource":"certificatesigningrequests",\n';
    const cluster = 'prod';
    const text = `${truthTable[0]?.text}\n${broken}${truthTable[0]?.text}\n`;
    await dropObject(file('counted.ndjson', text), stack.s3Source);
    await drainQueue(stack.s3Source);
    const logged = () => stack.s3Source.objects.log.slice(from).map((line) => JSON.parse(line));
    await expect.poll(() => logged().length).toBe(4);
    const lines = logged();
    const metrics = lines.find((line) => '_aws' in line);
    expect(metrics).toMatchObject({
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          { Namespace: 'csrwatch', Dimensions: [['Source']] },
          { Namespace: 'csrwatch', Dimensions: [['Source', 'Cluster']] },
          { Namespace: 'csrwatch', Dimensions: [['Bucket']], Metrics: [{ Name: 'Objects', Unit: 'Count' }] },
        ],
      },
      ...{ Source: 'objects', Cluster: cluster, Bucket: stack.s3Source.bucket, Objects: 1 },
      ...{
        Bytes: Buffer.byteLength(text),
        Records: 3,
        Events: 2,
        Rejected: 1,
        Faults: 0,
        PublishFailures: 0,
      },
    });
    for (const { Metrics } of metrics._aws.CloudWatchMetrics) {
      for (const { Name, Unit } of Metrics) {
        expect(metrics[Name]).toBeTypeOf('number');
        expect(['Bytes', 'Count']).toContain(Unit);
      }
    }
    expect(lines.find(({ message }) => message === 'record rejected')).toMatchObject({
      place: { offset: Buffer.byteLength(`${truthTable[0]?.text}\n`) },
      reason: expect.stringMatching(/^truncated: /),
    });
    await received();
  });

  test('returns the result of each object of a Step Functions map, and throws if one fails', async () => {
    const name = `map-${stack.s3Source.objects.log.length}.ndjson`;
    await dropObject(file(name, `${truthTable[0]?.text}\n`), stack.s3Source);
    await drainQueue(stack.s3Source);
    await received();
    const { bucket } = stack.s3Source;
    const listed = await stack.s3Source.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    const Key = listed.Contents?.map(({ Key }) => Key).find((key) => key?.endsWith(name)) ?? '';
    const batch = (...Items: object[]) => ({ BatchInput: { bucket }, Items });
    await expect(stack.s3Source.objects.invoke(batch({ Key, Size: 1 }))).resolves.toEqual({
      objects: [
        {
          ...{ bucket, key: Key, bytes: expect.any(Number), records: 1, events: 1, rejected: 0, findings: 1 },
          notAudit: 0,
          suspicious: 0,
          found: [
            expect.objectContaining({
              rule: baseRule,
              phase: 'requested',
              actor: 'kubernetes-admin',
              offset: 0,
            }),
          ],
        },
      ],
    });
    await expect(stack.s3Source.objects.invoke(batch({ Key }, { Key: 'gone' }))).rejects.toThrow(
      /^Error: s3:\/\/.*\/gone: NoSuchKey: The specified key does not exist\.$/,
    );
    await received();
  });

  test('sends no alert for an item of a map with alerts: false, and still returns its findings', async () => {
    await stack.s3Source.s3.send(
      new PutObjectCommand({
        Bucket: stack.s3Source.bucket,
        Key: 'past/quiet.ndjson',
        Body: `${truthTable[0]?.text}\n`,
      }),
    );
    const item = { bucket: stack.s3Source.bucket, key: 'past/quiet.ndjson' };
    await expect(stack.s3Source.objects.invoke({ ...item, alerts: false })).resolves.toMatchObject({
      objects: [{ ...item, findings: 1, found: [{ rule: baseRule }] }],
    });
    expect(await received()).toEqual([]);
    await stack.s3Source.objects.invoke({ ...item, alerts: true });
    expect(await received()).toHaveLength(1);
  });

  test('acknowledges a health check of CloudWatch Logs', async () => {
    const control = { messageType: 'CONTROL_MESSAGE', logGroup: 'g', logStream: 's', logEvents: [] };
    const data = gzipSync(JSON.stringify(control)).toString('base64');
    await expect(stack.logsSource.logs.invoke({ awslogs: { data } })).resolves.toBeUndefined();
  });

  test.each([
    [{ detail: { a: 1 }, source: 'x' }, 'Error: a trigger of an unknown kind: its keys are detail, source'],
    [[], 'Error: a trigger of an unknown kind: it is a list, not an object'],
  ])('refuses a trigger of an unknown kind: %j', async (event, message) => {
    await expect(stack.logsSource.logs.invoke(event)).rejects.toThrow(message);
  });

  test('returns an SQS message of an unknown kind for retry, and no other', async () => {
    const records = ['{"a":1}', 'no JSON', '{"Event":"s3:TestEvent"}'].map((body, index) => ({
      messageId: `m${index}`,
      eventSource: 'aws:sqs',
      body,
    }));
    await expect(stack.s3Source.objects.invoke({ Records: records })).resolves.toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm1' }],
    });
  });

  test('throws on a payload that is not gzip', async () => {
    await expect(stack.logsSource.logs.invoke({ awslogs: { data: 'AAAA' } })).rejects.toThrow(
      /CloudWatch Logs: .*incorrect header check/,
    );
  });
});
