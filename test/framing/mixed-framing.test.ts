import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { event, line, lines, literal, scanChunks, scanText } from '../scan/scan-text.ts';

const one = event('one');
const two = event('two');
const legacy = (id: string) =>
  `2026-01-02T03:04:05Z AUDIT: id="${id}" stage="ResponseComplete" method="create" user="a{b" uri="/apis/certificates.k8s.io/v1/${literal}" response="201"\n`;
const compact = JSON.stringify;
const json = (id: string) => compact(event(id));
const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

describe('texts among documents', () => {
  test.each<[string, string, string[]]>([
    [
      'a text that begins with a word in brackets',
      `[restful] log.go:33: up\n${legacy('one')}${line(two)}`,
      ['one', 'two'],
    ],
    ['an empty list before', `[]\n${line(one)}${legacy('two')}`, ['one', 'two']],
    [
      'lines of the legacy format among pretty-printed documents',
      `${pretty(one)}${legacy('two')}${pretty(event('three'))}${legacy('four')}`,
      ['one', 'two', 'three', 'four'],
    ],
    ['a last one without a line feed', `${pretty(one)}${legacy('two').trimEnd()}`, ['one', 'two']],
    [
      'words before each document',
      `${compact(one)}${compact(two)}\n2026-01-02T03:04:05Z kube.audit ${compact(event('three'))}\n`,
      ['one', 'two', 'three'],
    ],
    [
      'a process with its number in brackets',
      `2026-01-02T03:04:05Z host kube-apiserver[12]: ${line(one)}`,
      ['one'],
    ],
  ])('%s', async (_, text, wanted) => {
    const bytes = Buffer.from(text);
    for (let at = 0; at <= bytes.length; at += 1) {
      const { ids, report } = await scanChunks([bytes.subarray(0, at), bytes.subarray(at)]);
      expect({ at, ids, rejected: report.rejected }).toEqual({ at, ids: wanted, rejected: 0 });
    }
  });
});

test('a candidate in a pretty-printed document among lines is rejected', async () => {
  const { report } = await scanText(`${line(one)}${pretty(two)}`);
  expect(report).toMatchObject({ events: 1, notAudit: 0, rejected: 1 });
});

test('a list of objects may hold values of other types', async () => {
  const items = [one, 'x', two, '"\\', json('escaped'), 1, null, [1], event('three'), '{', event('four')];
  const text = compact(items);
  for (const size of [1, 7, text.length]) {
    const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
      Buffer.from(text.slice(index * size, (index + 1) * size)),
    );
    for (const literals of [[literal], null]) {
      const { ids } = await scanChunks(chunks, literals);
      expect(ids).toEqual(['one', 'two', 'escaped', 'three', 'four']);
    }
  }
});

test('a string in a list of records does not affect its neighbors if another item is malformed', async () => {
  for (const head of ['[', '{"kind":"EventList","items":[']) {
    for (const before of ['"x"', '"a":1', '"x']) {
      const text = `${head}${compact(one)},${before},${compact(two)},{"a":x"b},${compact(event('three'))}]`;
      const { ids, report } = await scanText(text);
      expect({ text, ids }).toEqual({ text, ids: ['one', 'two', 'three'] });
      expect(report.rejected).toBeGreaterThan(0);
    }
  }
});

test('an item of a list, one a line, is no part of an item before it that was cut off', async () => {
  const malformed = compact(event('malformed')).replace('kubectl', 'kube\nctl');
  const cut = compact({ ...event('cut'), requestObject: { items: [1, 2] } }).slice(0, -3);
  const text = `[\n${malformed},\n${compact(one)},\n${cut},\n${compact(two)},\n${compact(event('three'))}\n]\n`;
  const { ids } = await scanText(text);
  expect(ids).toEqual(['one', 'two', 'three']);
});

describe('a list that was cut off', () => {
  const list = compact({ kind: 'EventList', items: [one, two, event('three')] });
  const envelope = compact({
    messageType: 'DATA_MESSAGE',
    logGroup: 'g',
    logEvents: [one, two, event('three')].map((item) => ({ id: '1', message: compact(item) })),
  });
  test.each<[string, string]>([
    ['an EventList', list],
    ['an EventList with an end of line', `${list}\n`],
    ['a pretty-printed EventList', pretty(JSON.parse(list))],
    ["a subscription's envelope", envelope],
  ])('%s: the items before are evaluated', async (_, text) => {
    const cut = text.slice(0, text.lastIndexOf('three'));
    for (const broken of [cut, `${cut}\n${line(event('after'))}`]) {
      const { ids, report } = await scanText(broken);
      expect(ids.slice(0, 2)).toEqual(['one', 'two']);
      expect(report.rejected).toBe(1);
      if (broken !== cut) expect(ids).toContain('after');
    }
  });
});

describe('envelopes', () => {
  test('an event beside a text that was cut off is evaluated', async () => {
    const text = line({ message: compact(one).slice(0, -5), kubernetes: { audit: one } });
    const { ids, report } = await scanText(text);
    expect({ ids, rejected: report.rejected }).toEqual({ ids: ['one'], rejected: 0 });
  });

  test('one whose only text is cut off is rejected', async () => {
    const { report } = await scanText(line({ message: compact(one).slice(0, -5) }));
    expect(report).toMatchObject({ records: 1, rejected: 1 });
  });

  test("CloudWatch's control message is no record", async () => {
    const logEvents = [{ id: '', timestamp: 1, message: 'CWL CONTROL MESSAGE: Checking health' }];
    const control = { messageType: 'CONTROL_MESSAGE', logGroup: '', logEvents };
    const { report } = await scanChunks([Buffer.from(line(control) + line(one))], null);
    expect(report).toMatchObject({ records: 1, events: 1, notAudit: 0 });
  });

  test('extracted fields name the cluster before the event does, as on the logs source', async () => {
    const message = compact({ ...one, cluster: 'red' });
    const logEvents = [{ id: '1', message, extractedFields: { cluster: 'blue' } }];
    const { records } = await scanText(line({ messageType: 'DATA_MESSAGE', logGroup: 'g', logEvents }));
    expect(records.map(({ cluster }) => cluster)).toEqual(['blue']);
  });
});

test('documents are found whatever their strings hold, however the text is cut into chunks', async () => {
  const piece = fc.constantFrom(
    '}{"a',
    '}\n{',
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    '\u2028',
    '}{',
    'AUDIT: id="',
    'é',
  );
  const words = fc.array(piece, { maxLength: 6 }).map((parts) => parts.join(''));
  const item = fc.tuple(
    words,
    words,
    fc.constantFrom(literal, 'pods'),
    fc.boolean(),
    fc.constantFrom('', '\n', '\r\n', ' '),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(item, { minLength: 1, maxLength: 8 }),
      fc.nat(),
      fc.nat(),
      async (items, a, b) => {
        const events = items.map(([key, value, resource], index) => ({
          ...event(`${index}`, resource),
          [`k${key}`]: value,
        }));
        const bytes = Buffer.from(
          events
            .map(
              (one, index) =>
                `${index > 0 && items[index]?.[3] ? compact(one) : compact(one, null, 1)}${items[index]?.[4]}`,
            )
            .join(''),
        );
        const [from = 0, to = 0] = [a % bytes.length, b % bytes.length].sort((x, y) => x - y);
        const { records, report } = await scanChunks([
          bytes.subarray(0, from),
          bytes.subarray(from, to),
          bytes.subarray(to),
        ]);
        const found = records
          .map((record) => record.event)
          .filter((found) => compact(found).includes(literal));
        expect(found).toEqual(events.filter(({ objectRef }) => objectRef.resource === literal));
        expect(report).toMatchObject({ bytes: bytes.length, rejected: 0 });
      },
    ),
    { numRuns: 300 },
  );
});

test('a malformed document does not affect its neighbors, with or without candidates', async () => {
  const passed = Array.from({ length: 50 }, (_, index) => event(`${index}`, 'pods'));
  for (const frame of [compact, pretty, line]) {
    const text = [...passed, one, 'BROKEN', ...passed, two, ...passed]
      .map((item) => (item === 'BROKEN' ? frame(event('x')).trimEnd().slice(0, -9) : frame(item)))
      .join('');
    const { ids, report } = await scanText(text);
    // the one on the same line as the malformed one is examined with it
    expect(ids.filter((id) => id !== '0')).toEqual(['one', 'two']);
    expect(report.rejected).toBe(1);
    expect(lines([]).length + report.skippedBytes).toBeGreaterThan(text.length / 2);
  }
});

test('a line feed inside the first string of a document does not affect its neighbors', async () => {
  const text = `${compact(one)}{"\nkind":"Event","resource":"${literal}"}\n${compact(two)}\n`;
  const { ids, report } = await scanText(text);
  expect(ids).toEqual(['one', 'two']);
  expect(report.rejected).toBeGreaterThanOrEqual(1);
});

test('a malformed item of a list on one line does not affect its neighbors', async () => {
  const broken = compact(event('x')).replace('"apiGroup":', '"apiGroup"');
  const { ids, report } = await scanText(
    `[${[compact(one), broken, compact(two), compact(event('three'))].join(',')}]`,
  );
  expect({ ids, rejected: report.rejected }).toEqual({ ids: ['one', 'two', 'three'], rejected: 1 });
});
