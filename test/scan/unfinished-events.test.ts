import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { scanLogData } from '../../lambda/scan/scan-log-data.ts';
import { expectLinearTime } from '../linear-time.ts';
import { event, literal, scanText } from './scan-text.ts';

const json = JSON.stringify;
const time = '2026-01-02T03:04:05.678901234Z';
const cri = (flag: 'P' | 'F', part: string, stream = 'stdout') => `${time} ${stream} ${flag} ${part}`;
const docker = (log: string) => json({ log, stream: 'stdout', time });

/** The beginning of an event; what follows it can still be a part, as far as the brackets tell. */
const unfinished = (id: string, end: string) => `${json(event(id)).slice(0, -1)},"requestObject":${end}`;
const ends = ['', '{"a":', '{"a":[', '{"a":"', '[', '[1,', '{'];

/** An intact event in parts. */
function split(id: string): string[] {
  const size = 250;
  const text = json({ ...event(id), pad: 'y'.repeat(500) });
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}
const splitCri = (id: string) =>
  split(id).map((part, index, { length }) => cri(index === length - 1 ? 'F' : 'P', part));

describe.each(ends)('an event that ends with %j and does not continue', (end) => {
  const first = unfinished('cut', end);
  const inEnvelopes = 'an event in parts, in envelopes';
  const neighbors: readonly [string, readonly string[], readonly string[]][] = [
    ['an event', [first, json(event('a'))], ['a']],
    ['a text and an event', [first, 'I0102 started', json(event('a'))], ['a']],
    ['two events on one line', [first, `${json(event('a'))}${json(event('b'))}`], ['a', 'b']],
    ['items of a list on one line', [first, `${json(event('a'))},${json(event('b'))}`], ['a', 'b']],
    ['an event behind a prefix', [first, `${time} host ${json(event('a'))}`], ['a']],
    ['an event in parts', [first, ...split('a')], ['a']],
    ['an event in an envelope', [docker(first), docker(json(event('a')))], ['a']],
    [inEnvelopes, [docker(first), ...split('a').map(docker)], ['a']],
    ['an event in parts that are marked', [cri('P', first), ...splitCri('a')], ['a']],
    ['two such events', [cri('P', first), ...splitCri('a'), ...splitCri('b')], ['a', 'b']],
    ['another one and an event in marked parts', [cri('P', first), cri('P', first), ...splitCri('a')], ['a']],
    ['an event of another output', [cri('P', first), cri('F', json(event('a')), 'stderr')], ['a']],
    ['an event in parts of another output', [cri('P', first), ...splitCri('a').map(toStderr)], ['a']],
  ];
  test.each(neighbors)('hides nothing of the lines behind it: %s', async (_, lines, wanted) => {
    for (const text of [
      lines.join('\n'),
      `${lines.join('\n')}\n`,
      `${json(event('x'))}\n${lines.join('\n')}\n`,
    ]) {
      const { ids, truncated, report } = await scanText(text);
      expect({ text, ids: ids.filter((id) => id !== 'x') }).toEqual({ text, ids: wanted });
      expect(truncated).toContain('cut');
      expect(report.rejected).toBeGreaterThanOrEqual(1);
    }
  });

  // a log event that ends with a brace is taken to be whole
  const logEvents = neighbors.filter(([name]) => name !== inEnvelopes);
  test.each(logEvents)('hides nothing of the log events behind it: %s', async (_, messages, wanted) => {
    const { found, report } = await scanMessages(messages);
    expect(found.filter((id) => id !== 'cut')).toEqual(wanted);
    expect(found).toContain('cut');
    expect(report.rejected).toBeGreaterThanOrEqual(1);
  });
});

const toStderr = (part: string) => part.replace('stdout', 'stderr');

async function scanMessages(messages: readonly string[]) {
  const records: AuditRecord[] = [];
  const logEvents = messages.map((message, index) => ({ id: `${index}`, timestamp: index, message }));
  const report = await scanLogData(
    gzipSync(json({ messageType: 'DATA_MESSAGE', logGroup: 'g', logStream: 's', logEvents })),
    { clusters: { logGroups: {}, buckets: {}, keyPatterns: {} }, region: 'eu-west-1' },
    { literals: [literal], onRecord: (record) => void records.push(record) },
  );
  return { report, found: records.map(({ event: { auditID } }) => auditID) };
}

describe('an event with other events in its body, in three parts', () => {
  const body = { a: 1, records: [1, event('planted'), 'x', event('planted')] };
  const whole = json({ ...event('a'), requestObject: body, verb: 'approve' });
  const last = whole.lastIndexOf('planted');
  const cuts = Array.from({ length: whole.length - 2 }, (_, index) => index + 1).filter((at) => {
    // a line that begins with a bracket begins a record, and a log event that ends with a brace is taken to be whole
    const isUndecidable = /[{[]/.test(whole.charAt(at)) || whole[at - 1] === '}';
    return at > whole.indexOf('requestObject') && at < last && !isUndecidable;
  });
  const parts = (at: number) => [whole.slice(0, at), whole.slice(at, last), whole.slice(last)];

  test.each([
    ['lines', (at: number) => parts(at).join('\n')],
    ['envelopes', (at: number) => parts(at).map(docker).join('\n')],
  ])('is read as a whole, and nothing inside it: %s', async (_, textOf) => {
    const text = (at: number) => `${json(event('x'))}\n${textOf(at)}\n${json(event('b'))}\n`;
    const found = await Promise.all(cuts.map(async (at) => [at, (await scanText(text(at))).ids]));
    expect(found).toEqual(cuts.map((at) => [at, ['x', 'a', 'b']]));
  });

  test('is read as a whole, and nothing inside it: log events', async () => {
    const found = await Promise.all(cuts.map(async (at) => [at, (await scanMessages(parts(at))).found]));
    expect(found).toEqual(cuts.map((at) => [at, ['a']]));
  });
});

test('lines whose brackets end an unfinished event, without being JSON with it, are read by themselves', async () => {
  const lines = [json(event('x')), unfinished('cut', '{"a":'), 'tru', `}}${json(event('a'))}`];
  const { ids, truncated, report } = await scanText(`${lines.join('\n')}\n`);
  expect({ ids, truncated }).toEqual({ ids: ['x', 'a'], truncated: ['cut'] });
  expect(report.rejected).toBeGreaterThanOrEqual(1);
});

test('lines behind unfinished events are read in linear time', async () => {
  const first = cri('P', unfinished('cut', '{"a":['));
  await expectLinearTime(async (count) => {
    await scanText(Array.from({ length: count * 10 }, () => `${cri('P', '{"a":[')}\n`).join(`${first}\n`));
  }, 50);
});
