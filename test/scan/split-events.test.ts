import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { scanLogData } from '../../lambda/scan/scan-log-data.ts';
import { expectLinearTime } from '../linear-time.ts';
import { event, literal, scanText } from './scan-text.ts';

/** An event whose body makes it longer than a part. */
const large = (id: string) => ({ ...event(id), requestObject: { pad: 'y'.repeat(2_500) } });
const time = '2026-01-02T03:04:05.678901234Z';

function parts(text: string, size = 1_000): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}

const cri = (stream: string) => (part: string, index: number, all: readonly string[]) =>
  `${time} ${stream} ${index === all.length - 1 ? 'F' : 'P'} ${part}\n`;
const docker = (part: string, index: number, all: readonly string[]) =>
  `${JSON.stringify({ log: index === all.length - 1 ? `${part}\n` : part, stream: 'stdout', time })}\n`;
const fireLens = (part: string, index: number, all: readonly string[]) =>
  `${JSON.stringify({ log: part, partial_message: 'true', partial_id: 'a', partial_ordinal: `${index + 1}`, partial_last: `${index === all.length - 1}` })}\n`;

const styles: readonly [string, (part: string, index: number, all: readonly string[]) => string][] = [
  ['CRI', cri('stdout')],
  ['Docker', docker],
  ['FireLens', fireLens],
  ['lines without a mark', (part) => `${part}\n`],
];

describe.each(styles)('an event that is split into parts: %s', (_, write) => {
  const split = (id: string) => parts(JSON.stringify(large(id))).map(write);

  test('is one record, and its neighbors are read', async () => {
    const whole = [JSON.stringify(event('before'))].map(write);
    const after = [JSON.stringify(event('after'))].map(write);
    const { ids, truncated, report } = await scanText([...whole, ...split('split'), ...after].join(''));
    expect({ ids, truncated }).toEqual({ ids: ['before', 'split', 'after'], truncated: [] });
    expect(report).toMatchObject({ records: 3, events: 3, rejected: 0 });
  });

  test('is joined wherever the parts are cut', async () => {
    const text = JSON.stringify(large('split'));
    for (let size = 400; size < text.length; size += 37) {
      const { ids, report } = await scanText(parts(text, size).map(write).join(''));
      expect({ size, ids, rejected: report.rejected }).toEqual({ size, ids: ['split'], rejected: 0 });
    }
  });

  test('and follows another one directly', async () => {
    const { ids } = await scanText([...split('one'), ...split('two')].join(''));
    expect(ids).toEqual(['one', 'two']);
  });

  test('and whose last part is missing is evaluated from its head, and the next event is read', async () => {
    const after = [JSON.stringify(event('after'))].map(write);
    const { ids, truncated, report } = await scanText([...split('cut').slice(0, 2), ...after].join(''));
    expect({ ids, truncated }).toEqual({ ids: ['after'], truncated: ['cut'] });
    expect(report.rejected).toBe(1);
  });

  test('and is the last of the input is evaluated from its head', async () => {
    const { truncated, report } = await scanText(split('cut').slice(0, 2).join(''));
    expect(truncated).toEqual(['cut']);
    expect(report.rejected).toBe(1);
  });
});

test('a part of another output does not belong to the event', async () => {
  const [first = '', ...rest] = parts(JSON.stringify(large('cut'))).map(cri('stdout'));
  const other = cri('stderr')(rest.join(''), 0, ['']);
  const { ids, truncated } = await scanText(`${first}${other}${JSON.stringify(event('after'))}\n`);
  expect({ ids, truncated }).toEqual({ ids: ['after'], truncated: ['cut'] });
});

describe('log events of one stream', () => {
  async function scanMessages(messages: readonly string[]) {
    const records: AuditRecord[] = [];
    const packed = gzipSync(
      JSON.stringify({
        messageType: 'DATA_MESSAGE',
        owner: '111122223333',
        logGroup: '/aws/eks/prod/cluster',
        logStream: 'kube-apiserver-audit-1',
        logEvents: messages.map((message, index) => ({ id: `${index}`, timestamp: index, message })),
      }),
    );
    const report = await scanLogData(
      packed,
      { clusters: { logGroups: {}, buckets: {}, keyPatterns: {} }, region: 'eu-west-1' },
      { literals: [literal], onRecord: (record) => void records.push(record) },
    );
    return {
      report,
      found: records.map(({ event: { auditID }, format, place }) => [auditID, format, place.logEventId]),
    };
  }

  test('that hold the parts of one event are joined', async () => {
    const messages = [
      JSON.stringify(event('a')),
      ...parts(JSON.stringify(large('b'))),
      JSON.stringify(event('c')),
    ];
    const { found, report } = await scanMessages(messages);
    expect(found).toEqual([
      ['a', 'json', '0'],
      ['b', 'json', '1'],
      ['c', 'json', '4'],
    ]);
    expect(report.rejected).toBe(0);
  });

  test('of which only the first part was delivered are evaluated from the head', async () => {
    const [head = ''] = parts(JSON.stringify(large('b')));
    const { found, report } = await scanMessages([head, 'I0102 klog', JSON.stringify(event('c'))]);
    expect(found).toEqual([
      ['b', 'truncated', '0'],
      ['c', 'json', '2'],
    ]);
    expect(report.rejected).toBe(1);
  });

  test('of which one ends with a brace are joined if they are as long as what is split', async () => {
    const pad = { a: { b: 'y'.repeat(20_000) }, c: 'z' };
    const text = JSON.stringify({ ...event('b'), requestObject: pad });
    const cut = text.indexOf('},"c"') + 1;
    const { found, report } = await scanMessages([text.slice(0, cut), text.slice(cut)]);
    expect(found).toEqual([['b', 'json', '0']]);
    expect(report.rejected).toBe(0);
  });

  test('that end with a mark are evaluated from the head', async () => {
    const [head = ''] = parts(JSON.stringify(large('b')));
    expect((await scanMessages([`${head}[Truncated...]`])).found).toEqual([['b', 'truncated', '0']]);
  });
});

test('joining takes time linear in the number of parts', async () => {
  await expectLinearTime(async (count) => {
    const text = JSON.stringify({ ...event('a'), requestObject: { pad: 'y'.repeat(count * 1_000) } });
    await scanText(parts(text).map(cri('stdout')).join(''));
  }, 100);
});
