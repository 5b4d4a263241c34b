import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { namedCluster } from '../../lambda/scan/cluster-name.ts';
import { scan } from '../../lambda/scan/scan-input.ts';
import { event, line, lines, literal, scanChunks, scanText } from './scan-text.ts';

const two = [event('one'), event('two')];
const envelope = {
  messageType: 'DATA_MESSAGE',
  owner: '111122223333',
  logGroup: '/aws/eks/prod/cluster',
  logStream: 'kube-apiserver-audit-1',
  logEvents: two.map((item, index) => ({ id: `${index}`, timestamp: 1, message: JSON.stringify(item) })),
};
const members = two.map((item) => gzipSync(line({ date: 1.5, log: JSON.stringify(item) })));

describe('every format gives the same events', () => {
  test.each<[string, string | Uint8Array]>([
    ['NDJSON', lines(two)],
    [
      'NDJSON with CRLF, blank lines and a byte order mark',
      `\ufeff${lines(two).replaceAll('\n', '\r\n\r\n')}`,
    ],
    ['NDJSON without a last line feed', lines(two).trimEnd()],
    ['an EventList', JSON.stringify({ kind: 'EventList', items: two })],
    ['an array', JSON.stringify(two)],
    ['a pretty-printed array', JSON.stringify(two, null, 2)],
    ['pretty-printed documents', two.map((item) => JSON.stringify(item, null, 2)).join('\n')],
    ['documents with nothing between them', two.map((item) => JSON.stringify(item)).join('')],
    ['gzip', gzipSync(lines(two))],
    ['gzip members of Fluent Bit', Buffer.concat(members)],
    ['zstd', zstdCompressSync(lines(two))],
    ['zstd frames', Buffer.concat(two.map((item) => zstdCompressSync(line(item))))],
    ['Fluentd', two.map((item) => `2026-01-01T00:00:00+00:00\tkube.audit\t${line(item)}`).join('')],
    ['Vector', lines(two.map((item) => ({ file: 'audit.log', message: JSON.stringify(item) })))],
    ['Logstash', two.map((item) => `2026-01-01T00:00:00.000Z host ${line(item)}`).join('')],
    ['the export task', two.map((item) => `2026-01-01T00:00:00.000Z ${line(item)}`).join('')],
    ['Firehose', JSON.stringify(envelope)],
    ['CloudWatch Insights, as objects', lines(two.map((item) => ({ '@message': item })))],
    ['CloudWatch Insights, as text', lines(two.map((item) => ({ '@message': JSON.stringify(item) })))],
    ['Elastic Agent', lines(two.map((item) => ({ '@timestamp': '', kubernetes: { audit: item } })))],
    ['Elastic Agent, original', lines(two.map((item) => ({ event: { original: JSON.stringify(item) } })))],
    [
      'AKS',
      lines(two.map((item) => ({ category: 'kube-audit', properties: { log: JSON.stringify(item) } }))),
    ],
    ['OpenShift', lines(two.map((item) => ({ ...item, '@timestamp': '', hostname: 'a', viaq_msg_id: 'b' })))],
  ])('%s', async (_, content) => {
    const { ids, report } = await scanText(content);
    expect(ids).toEqual(['one', 'two']);
    expect(report).toMatchObject({ events: 2, rejected: 0 });
    expect(report.fault).toBeUndefined();
  });

  test('the log group of an envelope inside an object names the cluster', async () => {
    const { records } = await scanText(JSON.stringify(envelope));
    expect(records.map(({ cluster }) => cluster)).toEqual(['prod', 'prod']);
  });
});

describe('framing', () => {
  const odd = event('odd', literal, 'a\u0085b\u2028c\u2029');
  const text = Buffer.from(lines([event('pod', 'pods'), odd, event('two')]));

  test('chunks may end at any byte', async () => {
    const whole = await scanChunks([text]);
    expect(whole.ids).toContain('odd');
    for (let at = 0; at <= text.length; at += 1) {
      const cut = await scanChunks([text.subarray(0, at), text.subarray(at)]);
      expect({ at, records: cut.records }).toEqual({ at, records: whole.records });
    }
  });

  test('gzip members may end at any byte', async () => {
    const whole = await scanChunks([text]);
    for (let at = 0; at <= text.length; at += 1) {
      const packed = Buffer.concat([gzipSync(text.subarray(0, at)), gzipSync(text.subarray(at))]);
      const cut = await scanChunks([packed]);
      expect({ at, records: cut.records }).toEqual({ at, records: whole.records });
    }
  });

  test('zstd frames may end at any byte', async () => {
    const whole = await scanChunks([text]);
    for (let at = 0; at <= text.length; at += 1) {
      const packed = Buffer.concat([
        zstdCompressSync(text.subarray(0, at)),
        zstdCompressSync(text.subarray(at)),
      ]);
      const cut = await scanChunks([packed]);
      expect({ at, records: cut.records, fault: cut.report.fault }).toEqual({ at, records: whole.records });
    }
  });

  test('a malformed record does not affect its neighbors, and its place is reported', async () => {
    const good = line(event('one'));
    const { ids, report } = await scanText(`${good}{"resource":"${literal}",\n${line(event('two'))}`);
    expect(ids).toEqual(['one', 'two']);
    expect(report).toMatchObject({ rejected: 1, rejections: [{ place: { offset: good.length } }] });
  });

  const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const cutShort = (value: unknown) => JSON.stringify(value).slice(0, -9);
  test.each<[string, string, string[]]>([
    ['a first line that is cut off', `${cutShort(event('x'))}\n${lines(two)}`, ['one', 'two']],
    ['a first line cut after a comma', `{"a":1,\n${lines(two)}`, ['one', 'two']],
    ['a first line cut inside a list', `{"a":[1,\n${lines(two)}`, ['one', 'two']],
    ['a first line cut inside a string', `{"a":"x\n${lines(two)}`, ['one', 'two']],
    ['a first line with a bracket of another kind', `{"a":["${literal}"}\n${lines(two)}`, ['one', 'two']],
    [
      'a line in the middle',
      `${line(event('one'))}${cutShort(event('x'))}\n${line(event('two'))}`,
      ['one', 'two'],
    ],
    [
      'a pretty-printed document in the middle',
      `${pretty(event('one'))}${pretty(event('x')).slice(0, 80)}\n${pretty(event('two'))}`,
      ['one', 'two'],
    ],
    [
      'a document among those with nothing between them',
      `${JSON.stringify(event('one'))}${cutShort(event('x'))}${JSON.stringify(event('two'))}`,
      ['one', 'two'],
    ],
    [
      'a document with a bracket of another kind among those with nothing between them',
      `${JSON.stringify(event('one'))}{"a":["${literal}"}{"b":2}${JSON.stringify(event('two'))}`,
      ['one', 'two'],
    ],
    [
      'a list that is cut off',
      `[\n${two.map((item) => JSON.stringify(item)).join(',\n')},\n{"resource":`,
      ['one', 'two'],
    ],
  ])('%s does not affect its neighbors', async (_, text, wanted) => {
    for (const literals of [[literal], null]) {
      const { ids, report } = await scanChunks([Buffer.from(text)], literals);
      expect(ids).toEqual(wanted);
      expect(report.rejected).toBeGreaterThanOrEqual(1);
    }
  });

  test.each<[string, string]>([
    ['pretty-printed documents', two.map(pretty).join('')],
    ['documents with nothing between them', two.map((item) => JSON.stringify(item)).join('')],
    ['a list', pretty(two)],
    ['a list on one line', JSON.stringify(two)],
    ['a list of texts', JSON.stringify(two.map((item) => JSON.stringify(item)))],
  ])('a border between chunks at any byte of %s changes nothing', async (_, text) => {
    const bytes = Buffer.from(text);
    const whole = await scanChunks([bytes]);
    expect(whole.ids).toEqual(['one', 'two']);
    for (let at = 0; at <= bytes.length; at += 1) {
      const cut = await scanChunks([bytes.subarray(0, at), bytes.subarray(at)]);
      expect({ at, ...cut }).toEqual({ at, ...whole });
    }
  });

  test.each<[string, (item: string, first: boolean) => string]>([
    ['lines', (item) => `${item}\n`],
    ['a list', (item, first) => `${first ? '[' : ','}${item}`],
    ['documents with nothing between them', (item) => item],
    ['pretty-printed documents', (item) => `${item.replace('{', '{\n')}\n`],
  ])(
    '%s may be longer than the limit of a record, and a record over it does not affect its neighbors',
    async (_, frame) => {
      const padded = (id: string, bytes: number) => JSON.stringify({ ...event(id), pad: 'x'.repeat(bytes) });
      const items = Array.from({ length: 50 }, (_, index) => padded(`${index}`, 200));
      const all = [...items.slice(0, 25), padded('large', 2_000), ...items.slice(25)];
      const text = all.map((item, index) => frame(item, index === 0)).join('');
      const bytes = Buffer.from(text.startsWith('[') ? `${text}]` : text);
      const chunks = Array.from({ length: Math.ceil(bytes.length / 256) }, (_, index) =>
        bytes.subarray(index * 256, index * 256 + 256),
      );
      const { ids, report } = await scanChunks(chunks, [literal], 1_000);
      expect(ids).not.toContain('large');
      expect(ids.length).toBeGreaterThanOrEqual(49);
      expect(report.rejected).toBe(1);
      expect(report.rejections[0]?.reason).toMatch(/ is over the limit of 1000$/);
    },
  );

  test('a literal in a large line is found wherever the chunks end', async () => {
    const large = `${JSON.stringify({ pad: 'x'.repeat(70_000), ...event('large') })}\n`;
    const from = large.indexOf(literal) - 3;
    for (const size of [1, 2, 5, 25]) {
      const pieces = Array.from({ length: Math.ceil(40 / size) }, (_, index) =>
        Buffer.from(large.slice(from + index * size, from + (index + 1) * size)),
      );
      const end = from + pieces.length * size;
      const chunks = [
        Buffer.from(`${line(event('one', 'pods'))}${large.slice(0, from)}`),
        ...pieces,
        Buffer.from(large.slice(end)),
      ];
      const { ids } = await scanChunks(chunks);
      expect(ids).toEqual(['large']);
    }
  });

  test('a record of 16 MiB is read, of a larger one the head, and the scan continues after it', async () => {
    const limit = 16 * 2 ** 20;
    const padding = (id: string, bytes: number) => {
      const empty = JSON.stringify({ ...event(id), pad: '' }).length;
      return JSON.stringify({ ...event(id), pad: 'x'.repeat(bytes - empty) });
    };
    const text = `${padding('fits', limit)}\n${padding('over', limit + 1)}\n${line(event('two'))}`;
    const { ids, report } = await scanText(text);
    expect(ids).toEqual(['fits', 'two']);
    expect(report).toMatchObject({ events: 3, rejected: 1, rejections: [{ place: { offset: limit + 1 } }] });
  });

  test('a hostile text in which a document begins at every byte is read in linear time', async () => {
    const { report } = await scanText('{{\n'.repeat(20_000));
    expect(report.rejected + report.skippedBytes).toBeGreaterThan(0);
    const { report: other } = await scanText('}{'.repeat(50_000));
    expect(other.events).toBe(0);
  });

  test('an event nested without end is found, and its depths are cut', async () => {
    const deep = `${'['.repeat(9_000)}${']'.repeat(9_000)}`;
    const text = JSON.stringify({ ...event('deep'), requestObject: 'DEEP' }).replace('"DEEP"', deep);
    const { records } = await scanText(`${text}\n`);
    expect(JSON.stringify(records[0]?.event)).toContain('nested deeper than 100 levels');
    expect(JSON.stringify(records[0]?.event['requestObject']).length).toBeLessThan(1_000);
  });

  test('a last record that was cut off is rejected even if it holds no literal', async () => {
    const { report } = await scanText(`${line(event('one'))}{"kind":"Ev`);
    expect(report).toMatchObject({ events: 1, rejected: 1 });
  });
});

describe('the skipped bytes', () => {
  const [before, after] = [line(event('before', 'pods')), line(event('after', 'pods'))];
  test.each<[string, string, number]>([
    ['none, if all records are read, since ends of lines are no records', lines(two), 0],
    ['all, if no record is read', before + after, before.length + after.length],
    [
      'those before, between and behind the records that are read',
      `${before}${lines(two)}${after}${line(event('one'))}${after}`,
      // an end of line that was not counted before belongs to the skipped bytes that follow
      before.length + 2 * after.length + 2,
    ],
    ['of pretty-printed documents', `${JSON.stringify(event('one'), null, 2)}\n${before}`, before.length + 1],
  ])('are %s', async (_, text, skipped) => {
    for (const size of [text.length, 50]) {
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_item, index) =>
        Buffer.from(text.slice(index * size, (index + 1) * size)),
      );
      const { report } = await scanChunks(chunks);
      expect(report).toMatchObject({ bytes: text.length, skippedBytes: skipped });
    }
  });
});

describe('faults', () => {
  test('a gzip that was cut off is read up to the cut', async () => {
    const many = Array.from({ length: 2000 }, (_, index) => event(`id-${index}-${Math.sin(index)}`));
    const packed = gzipSync(lines(many));
    const { ids, report } = await scanChunks([packed.subarray(0, packed.length / 2)]);
    expect(ids.length).toBeGreaterThan(500);
    expect(report.fault?.reason).toContain('gzip');
  });

  test('zstd with other bytes behind it is read, and the tail is a fault', async () => {
    const packed = Buffer.concat([zstdCompressSync(lines(two)), Buffer.from('garbage')]);
    const { ids, report } = await scanChunks([packed]);
    expect(ids).toEqual(['one', 'two']);
    expect(report.fault?.reason).toContain('zstd');
  });

  test('other bytes behind a gzip are a fault', async () => {
    const { report } = await scanChunks([Buffer.concat([gzipSync(lines(two)), Buffer.from('garbage')])]);
    expect(report.fault?.reason).toContain('gzip');
  });

  test('zeros after the end of a gzip are no fault', async () => {
    const { ids, report } = await scanChunks([Buffer.concat([gzipSync(lines(two)), Buffer.alloc(40_000)])]);
    expect(ids).toEqual(['one', 'two']);
    expect(report.fault).toBeUndefined();
  });

  test('Parquet is refused by name', async () => {
    const { report } = await scanText('PAR1....');
    expect(report.fault?.reason).toContain('Parquet');
  });

  test('an error of onRecord is not a fault of the input', async () => {
    const input = {
      origin: { kind: 'file', path: 'a' } as const,
      cluster: namedCluster(null),
      async *open() {
        yield Buffer.from(lines(two));
      },
    };
    const failing = scan(input, { literals: null, onRecord: () => Promise.reject(new Error('mine')) });
    await expect(failing).rejects.toThrow('mine');
  });
});

test('the prefilter skips no matching record, however letters are escaped', async () => {
  const escaped = fc
    .tuple(fc.constantFrom(literal, 'pods', 'certificatesigning'), fc.array(fc.boolean()), fc.boolean())
    .map(([word, hidden, upper]) =>
      [...word].map((letter, index) => (hidden[index] ? escapeOf(letter, upper) : letter)).join(''),
    );
  const wrap = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => JSON.stringify({ log: text }),
    (text) => JSON.stringify({ log: JSON.stringify({ message: text }) }),
    (text) => JSON.stringify({ log: text }).replaceAll('\\\\', '\\u005C'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(escaped, wrap), { maxLength: 12 }), async (items) => {
      const texts = items.map(([resource, wrapped], index) =>
        wrapped(JSON.stringify(event(`${index}`, 'RESOURCE')).replace('RESOURCE', resource)),
      );
      const chunks = [Buffer.from(texts.map((text) => `${text}\n`).join(''))];
      const matching = ({ records }: { records: AuditRecord[] }) =>
        records.filter((record) => JSON.stringify(record.event).includes(literal));
      expect(matching(await scanChunks(chunks))).toEqual(matching(await scanChunks(chunks, null)));
    }),
    { numRuns: 300 },
  );
});

test('the prefilter skips no matching legacy line, however its URI is percent-encoded', async () => {
  const uri = fc
    .tuple(fc.constantFrom(literal, 'pods'), fc.array(fc.boolean()), fc.boolean())
    .map(([word, hidden, upper]) =>
      [...word].map((letter, index) => (hidden[index] ? percentOf(letter, upper) : letter)).join(''),
    );
  const before = fc.constantFrom('', '2026-01-02T03:04:05Z host ', '2026-01-02T03:04:05Z stderr F ');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(before, uri), { maxLength: 6 }), async (items) => {
      const text = items.map(
        ([prefix, path], index) =>
          `${prefix}2026-01-02T03:04:05Z AUDIT: id="${index}" stage="ResponseComplete" method="create" uri="/apis/certificates.k8s.io/v1/${path}" response="201"\n`,
      );
      const chunks = [Buffer.from(text.join(''))];
      const matching = ({ records }: { records: AuditRecord[] }) =>
        records
          .filter(({ event }) => JSON.stringify(event['objectRef']).includes(literal))
          .map(({ event }) => event['auditID']);
      const wanted = items.flatMap(([, path], index) =>
        decodeURIComponent(path) === literal ? [`${index}`] : [],
      );
      expect(matching(await scanChunks(chunks, null))).toEqual(wanted);
      expect(matching(await scanChunks(chunks))).toEqual(wanted);
    }),
    { numRuns: 200 },
  );
});

function percentOf(letter: string, upper: boolean): string {
  const hex = letter.charCodeAt(0).toString(16);
  return `%${upper ? hex.toUpperCase() : hex}`;
}

function escapeOf(letter: string, upper: boolean): string {
  const hex = letter.charCodeAt(0).toString(16).padStart(4, '0');
  return `\\u${upper ? hex.toUpperCase() : hex}`;
}
