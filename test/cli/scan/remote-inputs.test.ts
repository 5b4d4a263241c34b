import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listening } from '../../loopback-server.ts';
import { truthTable } from '../../truth-table.ts';

const command = fileURLToPath(new URL('../../../cli/csrwatch.js', import.meta.url));
const event = truthTable[0]?.text ?? '';
const named = (auditID: string) => `${JSON.stringify({ ...JSON.parse(event), auditID })}\n`;
const only = ['--format', 'json', '--only', 'kubernetes-csr-created-or-approved'];

/** Without blocking this process, which is the server. */
async function scan(args: readonly string[], endpoint: string) {
  const child = spawn(process.execPath, [command, 'scan', ...only, ...args], {
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  });
  child.stdin.end();
  const status = new Promise((resolve) => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const { findings, stats } = JSON.parse(stdout || '{"findings":[],"stats":{}}');
  return { findings, stats, stderr, status: await status };
}

const auditIds = (findings: readonly { event: { auditID: string } }[]) =>
  findings.map(({ event: { auditID } }) => auditID);

describe('s3://', () => {
  let server: Awaited<ReturnType<typeof startFauxqs>>;
  let endpoint = '';
  beforeAll(async () => {
    server = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1', defaultRegion: 'eu-central-1' });
    endpoint = `http://127.0.0.1:${server.port}`;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const s3 = new S3Client({ endpoint, region: 'eu-central-1', credentials, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'logs' }));
    const objects: [string, string | Buffer][] = [
      ['audit/1.log', named('one')],
      ['audit/2 +ü.log.gz', gzipSync(named('two'))],
      ['audit/folder/', ''],
      ['other/3.log', named('three')],
    ];
    for (const [Key, Body] of objects) await s3.send(new PutObjectCommand({ Bucket: 'logs', Key, Body }));
  });
  afterAll(() => server.stop());

  test('reads the objects below a prefix, with their place', async () => {
    const { findings, status } = await scan(['s3://logs/audit/'], endpoint);
    expect(auditIds(findings)).toEqual(['one', 'two']);
    expect(findings[1].place.origin).toEqual({ kind: 'object', bucket: 'logs', key: 'audit/2 +ü.log.gz' });
    expect(status).toBe(1);
  });

  test('a prefix without objects, and a missing bucket, are faults', async () => {
    const { stats, status } = await scan(['s3://logs/nothing/', 's3://missing', 's3://logs/other'], endpoint);
    const reasons = stats.faults.map(({ reason }: { reason: string }) => reason);
    expect(reasons).toEqual(['no object has this prefix', expect.stringContaining('NoSuchBucket')]);
    expect({ findings: stats.findings, status }).toEqual({ findings: 1, status: 2 });
  });
});

test('an object whose connection breaks is read on from there', async () => {
  const body = Buffer.from(Array.from({ length: 5_000 }, (_, index) => named(`e${index}`)).join(''));
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    if (request.url?.includes('list-type=2')) {
      response.end(
        `<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>big.log</Key><Size>${body.length}</Size></Contents></ListBucketResult>`,
      );
      return;
    }
    const range = request.headers.range;
    ranges.push(range);
    const from = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, { etag: '"v1"', 'content-length': body.length - from });
    if (ranges.length > 2) response.end(body.subarray(from));
    else response.write(body.subarray(from, from + 1_000_000), () => response.destroy());
  });
  const { url, stop } = await listening(server);
  const { stats } = await scan(['s3://logs/big.log'], url);
  await stop();
  expect(stats).toMatchObject({ bytes: body.length, findings: 5_000, faults: [] });
  expect(ranges).toHaveLength(3);
});

describe('--log-group', () => {
  interface Call {
    readonly nextToken?: string;
    readonly filterPattern?: string;
    readonly startTime?: number;
  }
  async function search(
    answer: (call: Call, count: number) => [status: number, body: object],
    args: readonly string[] = [],
  ) {
    const calls: Call[] = [];
    const server = createServer(async (request, response) => {
      const call: Call = JSON.parse(await text(request));
      calls.push(call);
      const [status, body] = answer(call, calls.length);
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    });
    const { url, stop } = await listening(server);
    const group = '/aws/eks/prod/cluster';
    const result = await scan(['--log-group', group, '--since', '2020-01-01', ...args], url);
    await stop();
    return { ...result, calls };
  }
  const logEvent = (eventId: string, message: string) => ({
    logStreamName: 'kube-apiserver-audit-1',
    eventId,
    timestamp: 1,
    message,
  });

  test('searches with the literals of the rules, page by page, again after throttling', async () => {
    const { findings, calls, status } = await search((call, count) => {
      if (count === 1) return [400, { __type: 'ThrottlingException', message: 'Rate exceeded' }];
      if (call.nextToken === undefined)
        return [200, { events: [logEvent('1', named('one').trim())], nextToken: 'more' }];
      return [200, { events: [logEvent('2', named('two').trim()), logEvent('3', 'plain text')] }];
    });
    expect(auditIds(findings)).toEqual(['one', 'two']);
    expect(findings[1]).toMatchObject({
      cluster: 'prod',
      place: { origin: { kind: 'log-stream', logStream: 'kube-apiserver-audit-1' }, logEventId: '2' },
    });
    expect(calls.map(({ nextToken }) => nextToken)).toEqual([undefined, undefined, 'more']);
    expect(calls[0]?.filterPattern).toContain('certificatesigningrequests');
    expect(calls[0]?.startTime).toBe(Date.parse('2020-01-01'));
    expect(status).toBe(1);
  });

  test('states why a group cannot be searched', async () => {
    const { stats, status } = await search(() => [
      400,
      { __type: 'ResourceNotFoundException', message: 'The specified log group does not exist.' },
    ]);
    expect(stats.faults[0].reason).toBe('ResourceNotFoundException: The specified log group does not exist.');
    expect(status).toBe(2);
  });
});
