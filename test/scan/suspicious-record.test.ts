import { describe, expect, test } from 'vitest';
import { event, line, literal, scanChunks, scanText } from './scan-text.ts';

const klog = `I0302 08:00:00.000001 1 trace.go:236] Trace[1]: "Create" url:/apis/certificates.k8s.io/v1/${literal},audit-id:1 (total time: 600ms)`;

describe('a record with a literal and without an event is suspicious', () => {
  test.each<[string, string]>([
    ['JSON of another shape', line({ resource: literal })],
    ['JSON whose key is the literal', line({ [literal]: 1 })],
    ['JSON with the literal in a path', line({ uri: `/apis/certificates.k8s.io/v1/${literal}/a` })],
    ['JSON with an escaped literal', line({ resource: literal }).replace('cert', '\\u0063ert')],
    ['JSON with a sentence about an event', line({ msg: `auditID=1 verb=create resource=${literal}` })],
    ['a list of columns', line([['auditID', 'resource'], { row: ['1', literal] }])],
    ['text with the fields of an event', `auditID=1 verb=create resource=${literal}\n`],
    ['an item of a list, beside an event', line({ items: [event('a'), { resource: literal }] })],
  ])('%s', async (_, text) => {
    const { report } = await scanText(text);
    expect(report).toMatchObject({ suspicious: 1, rejected: 0, unread: { count: 1 } });
    expect(report.suspicions).toMatchObject([
      { place: { offset: 0 }, reason: expect.stringContaining('literal') },
    ]);
    expect(report.notAudit).toBeGreaterThanOrEqual(1);
  });
});

describe('is not suspicious:', () => {
  test.each<[string, string]>([
    ['a trace line of the API server', `${klog}\n`],
    ['a trace line in the JSON of a forwarder', line({ log: `${klog}\n`, stream: 'stderr' })],
    ['a trace line in a log event', line({ logGroup: 'g', logEvents: [{ id: '1', message: klog }] })],
    ['JSON without a literal, beside an event', line({ items: [event('a'), { resource: 'pods' }] })],
    ['an event', line(event('a'))],
  ])('%s', async (_, text) => {
    const { report } = await scanText(text);
    expect(report).toMatchObject({ suspicious: 0, suspicions: [], rejected: 0, unread: { count: 0 } });
  });
});

test('a rejected record is reported as unread only if it contains a literal', async () => {
  const { report } = await scanChunks(
    [`{"resource":"pods",\n{"resource":"${literal}",\n`].map(Buffer.from),
    null,
  );
  expect(report.rejected).toBeGreaterThan(0);
  const { report: one } = await scanText(`{"resource":"${literal}", x\n{"a":"\\u0063", x\n`);
  expect(one).toMatchObject({ rejected: 2, unread: { count: 1 } });
});

describe('an input looks like an audit log', () => {
  const looks = async (...chunks: string[]) =>
    (await scanChunks(chunks.map((chunk) => Buffer.from(chunk)))).report.looksLikeAudit;

  test('if one of its events is skipped, wherever it is and however it is wrapped', async () => {
    const pods = JSON.stringify(event('a', 'pods'));
    expect(await looks(pods)).toBe(true);
    expect(await looks('x '.repeat(5_000), JSON.stringify({ log: pods }))).toBe(true);
    for (let at = 1; at < pods.length; at += 1)
      expect(await looks(pods.slice(0, at), pods.slice(at))).toBe(true);
    expect(await looks(...pods)).toBe(true);
  });

  test('and one without an event does not', async () => {
    expect(await looks(klog, '\n', '{"kind":"Pod"}\n')).toBe(false);
    expect(await looks('')).toBe(false);
  });
});
