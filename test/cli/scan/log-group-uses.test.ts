import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { useFilters } from '../../../cli/scan/follow/log-group-again.ts';
import { listening } from '../../loopback-server.ts';
import { recordingText } from '../../recordings.ts';
import { scanScript } from '../../run-command.ts';

const rule = 'kubernetes-issued-certificate-used';
const bobs = '8ef7b2bf21614a0e7c9b4e01d1842ce922a81678ff43de9ff1c9682189d65b35';
const lines = recordingText('selfmanaged').trimEnd().split('\n');

/** The terms of a filter pattern: one of them has to be in a log event, between characters that are no letters. */
function matches(pattern: string, line: string): boolean {
  return [...pattern.matchAll(/"([^"]+)"/g)].some(([, term = '']) => line.includes(term));
}

/** A log group that searches as CloudWatch Logs does, with the lines of the recording. */
async function search(log: readonly string[], args: readonly string[]) {
  const patterns: string[] = [];
  const server = createServer(async (request, response) => {
    const { filterPattern = '', nextToken = '0' } = JSON.parse(await text(request));
    if (nextToken === '0') patterns.push(filterPattern);
    const found = log.filter((line) => matches(filterPattern, line));
    const from = Number(nextToken);
    const events = found.slice(from, from + 10).map((message, index) => ({
      logStreamName: 'audit',
      eventId: `${from + index}`,
      timestamp: Date.parse(JSON.parse(message).requestReceivedTimestamp),
      message,
    }));
    const more = from + 10 < found.length ? { nextToken: `${from + 10}` } : {};
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ events, ...more }));
  });
  const { url, stop } = await listening(server);
  const child = spawn(
    process.execPath,
    [scanScript, 'scan', '--log-group', 'audit', '--since', '2020-01-01', ...args],
    {
      env: {
        PATH: process.env['PATH'],
        AWS_ENDPOINT_URL: url,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      },
    },
  );
  child.stdin.end();
  const [stdout] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await stop();
  return { stdout, patterns };
}

describe('the uses of a certificate in a log group', () => {
  test('are found by a second search for its credential id', async () => {
    const { stdout, patterns } = await search(lines, ['--format', 'json', '--csr', 'bob-laptop']);
    const { findings } = JSON.parse(stdout);
    const uses = findings.filter((finding: { rule: { id: string } }) => finding.rule.id === rule);
    expect(uses).toEqual([
      expect.objectContaining({
        certificate: expect.objectContaining({ sha256: bobs }),
        uses: expect.objectContaining({ count: 3 }),
        place: expect.objectContaining({ logEventId: expect.any(String) }),
      }),
    ]);
    expect(patterns).toHaveLength(2);
    expect(patterns[0]).not.toContain('X509SHA256');
    expect(patterns[1]).toContain(`"X509SHA256=${bobs}"`);
  });

  test('are part of the story of its CSR', async () => {
    const { stdout } = await search(lines, ['--csr', 'bob-laptop']);
    expect(stdout).toMatch(/ {2}Uses +3 requests\n/);
  });

  test('are not searched for if no certificate was issued', async () => {
    const without = lines.filter((line) => !line.includes('/status'));
    const { patterns } = await search(without, ['--format', 'json']);
    expect(patterns).toHaveLength(1);
  });

  test('may be missing if the API server logs no fingerprints, which the story states', async () => {
    const older = lines.map((line) => line.replaceAll(/X509SHA256=[0-9a-f]{64}/g, ''));
    const { stdout } = await search(older, ['--csr', 'bob-laptop']);
    expect(stdout).toMatch(/ {2}Uses +no use with its fingerprint, which Kubernetes logs since 1\.32\n/);
  });
});

test('the filter patterns stay within the limit of CloudWatch Logs', () => {
  const fingerprints = (count: number) =>
    Array.from({ length: count }, (_, index) => index.toString(16).padStart(64, '0'));
  for (const [count, patterns] of [
    [1, 1],
    [12, 1],
    [13, 2],
    [120, 10],
    [121, 1],
  ] as const) {
    const filters = useFilters(fingerprints(count));
    expect(filters).toHaveLength(patterns);
    for (const { kind, pattern } of filters) {
      expect(kind).not.toBe('everything');
      expect(pattern.length).toBeLessThanOrEqual(1_024);
    }
  }
  expect(useFilters(fingerprints(121))[0]?.pattern).toBe('%X509SHA256%');
});
