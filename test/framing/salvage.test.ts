import { describe, expect, test } from 'vitest';
import { event, line, lines, literal, scanChunks, scanText } from '../scan/scan-text.ts';

const [one, two] = [event('one'), event('two')];
const json = JSON.stringify;

/** Bodies of requests into which a user writes events. */
const bodies: readonly [string, (planted: unknown) => unknown][] = [
  ['an object', (planted) => ({ data: { a: planted } })],
  ['a list', (planted) => ({ data: [planted, planted] })],
  ['an EventList', (planted) => ({ kind: 'EventList', items: [planted] })],
  ['log events', (planted) => ({ logEvents: [planted] })],
  ['a text', (planted) => ({ log: json(planted) })],
];

describe.each(bodies)('an event that a user wrote into %s of a request', (_, body) => {
  const cut = `${json({ ...event('holder'), requestObject: body(event('planted')), pad: '' }).slice(0, -2)}${'A'.repeat(500)}`;
  test.each<[string, string, string[]]>([
    ['a line', `${line(one)}${cut}\n${line(two)}`, ['one', 'two']],
    ['the first line', `${cut}\n${line(two)}`, ['two']],
    ['the last line', `${line(one)}${cut}`, ['one']],
    ['a line with a marker at its end', `${line(one)}${cut}[Truncated...]\n${line(two)}`, ['one', 'two']],
    ['a line with a prefix', `${line(one)}2026-01-02T03:04:05Z stdout P ${cut}\n`, ['one']],
    ['documents with nothing between them', `${json(one)}${cut}${json(two)}`, ['one', 'two']],
    ['an EventList', `{"kind":"EventList","items":[${json(one)},${cut}`, ['one']],
    ['a list', `[${json(one)},${cut}`, ['one']],
    ['pretty-printed documents', `${json(one, null, 2)}\n${cut}\n${json(two, null, 2)}\n`, ['one', 'two']],
  ])('is none when the request is cut off in %s', async (_, text, wanted) => {
    for (const literals of [[literal], null]) {
      const { ids, report } = await scanChunks([Buffer.from(text)], literals);
      expect(ids).toEqual(wanted);
      expect(report.rejected).toBeGreaterThanOrEqual(1);
    }
  });

  test('is none wherever the request is cut off', async () => {
    for (let length = 1; length < cut.length; length += 7) {
      const { ids } = await scanText(`${line(one)}${cut.slice(0, length)}\n${line(two)}`);
      expect({ length, ids }).toEqual({ length, ids: ['one', 'two'] });
    }
  });
});

describe.each(bodies)(
  'an event that a user wrote into %s of a request that is malformed before it',
  (_, body) => {
    const whole = json({
      ...event('holder'),
      requestObject: body(event('planted')),
      responseObject: { a: 1 },
    });
    const faults = [
      ['a missing comma', '"userAgent":"kubectl",', '"userAgent":"kubectl"'],
      ['a missing quotation mark', '"userAgent":"kubectl"', '"userAgent":"kubectl'],
      ['a closing brace too many', '"userAgent":', '"x":0},"userAgent":'],
      ['a word', '"userAgent":', 'x "userAgent":'],
      ['bytes that are no text', 'kubectl"', '\u0000\u0001"'],
      ['a quotation mark before the body', '"requestObject":', '"requestObject":":'],
    ] as const;

    test.each(faults)('is none: %s', async (_fault, text, instead) => {
      const malformed = whole.replace(text, instead);
      const inputs = [
        `${line(one)}${malformed}\n${line(two)}`,
        `${malformed}\n${line(two)}`,
        `${json(one)}${malformed}${json(two)}`,
        `[${json(one)},${malformed},${json(two)}]`,
        `{"kind":"EventList","items":[${json(one)},${malformed},${json(two)}]}`,
      ];
      for (const input of inputs) {
        for (const size of [input.length, 50]) {
          const chunks = Array.from({ length: Math.ceil(input.length / size) }, (_item, index) =>
            Buffer.from(input.slice(index * size, (index + 1) * size)),
          );
          const { ids, report } = await scanChunks(chunks);
          expect({ input, ids: ids.filter((id) => id !== 'one') }).toEqual({ input, ids: ['two'] });
          expect(report.rejected).toBeGreaterThanOrEqual(1);
        }
      }
    });
  },
);

test.each([
  ['kube-apiserver', event('holder')],
  ['the AKSAudit table', { AuditId: 'holder', Verb: 'create' }],
  ['GKE', { protoPayload: { methodName: 'io.k8s.certificates.v1.certificatesigningrequests.create' } }],
])('a list that damage took out of the body of an event is no list of records: %s', async (_, holder) => {
  // without the braces of the body, its list seems to be the list of an envelope
  for (const key of ['items', 'logEvents', 'events', 'records', 'Records', 'entries']) {
    const damaged = `${json(holder).slice(0, -1)},"${key}":[${json(event('planted'))},${json(event('planted'))}],}`;
    for (const text of [`${line(one)}${damaged}\n${line(two)}`, `[${json(one)},${damaged},${json(two)}]`]) {
      const { ids, report } = await scanText(text);
      expect({ key, ids }).toEqual({ key, ids: ['one', 'two'] });
      expect(report.rejected).toBeGreaterThanOrEqual(1);
    }
  }
});

describe.each(bodies)(
  'an event that a user wrote into %s of a request whose beginning is missing',
  (_, body) => {
    const whole = json({ ...event('holder'), requestObject: body(event('planted')) });
    const behind = json({ a: event('planted') });
    test.each([
      ['a string', whole.slice(whole.indexOf('ubectl'))],
      ['a string, and the end too', whole.slice(whole.indexOf('ubectl'), -1)],
      [
        'a string, with other members behind it',
        `${whole.slice(whole.indexOf('ubectl'), -1)},"responseObject":{"a":1}}`,
      ],
      ['the key of the body', whole.slice(whole.indexOf('"requestObject"'))],
      ['the body, whose list continues', `x","items":[0,${behind}]}}`],
      ['an item of a list', `x"},${behind}]}}`],
      ['an item of a list, and the end is missing too', `x"},${behind.slice(0, -10)}`],
      ['a list in a list', `1],${behind}]}}`],
    ])('is none: it begins inside %s', async (_place, malformed) => {
      const { ids } = await scanText(`${line(one)}${malformed}\n${line(two)}`);
      expect(ids).toEqual(['one', 'two']);
      const first = await scanText(`${malformed}\n${line(two)}`);
      expect(first.ids).toEqual(['two']);
    });
  },
);

describe('a record over the limit', () => {
  const limit = 5_000;
  const many = Array.from({ length: 60 }, (_, index) => event(`${index}`));
  const ids = many.map(({ auditID }) => auditID);
  const list = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${many.map((item) => json(item))}]}`;
  const inPieces = (text: string, size: number) =>
    Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
      Buffer.from(text.slice(index * size, (index + 1) * size)),
    );

  test.each<[string, string, string[]]>([
    ['an EventList among lines', `${line(one)}${list}\n${line(two)}`, ['one', ...ids, 'two']],
    ['an EventList in the first line', `${list}\n${line(two)}`, [...ids, 'two']],
    ['an EventList and nothing else', list, ids],
    ['a pretty-printed EventList', json(JSON.parse(list), null, 2), ids],
  ])('is read item by item if it is %s', async (_, text, wanted) => {
    for (const size of [100, 3_000, text.length]) {
      const { ids: found, report } = await scanChunks(inPieces(text, size), [literal], limit);
      expect({ size, found, rejected: report.rejected }).toEqual({ size, found: wanted, rejected: 0 });
    }
  });

  test('is skipped if it holds no candidate', async () => {
    const long = { ...event('long', 'pods'), pad: 'x'.repeat(3 * limit) };
    for (const text of [
      lines([one, long, two]),
      `${json(one)}${json(long)}${json(two)}`,
      json([one, long, two]),
    ])
      for (const size of [100, text.length]) {
        const { ids: found, report } = await scanChunks(inPieces(text, size), [literal], limit);
        expect({ size, found, rejected: report.rejected }).toEqual({
          size,
          found: ['one', 'two'],
          rejected: 0,
        });
      }
  });

  test('is rejected if it is a text with a candidate', async () => {
    const text = `${line(one)}${'x'.repeat(3 * limit)} ${literal}\n${line(two)}`;
    for (const size of [100, text.length]) {
      const { ids: found, report } = await scanChunks(inPieces(text, size), [literal], limit);
      expect({ size, found, rejected: report.rejected }).toEqual({
        size,
        found: ['one', 'two'],
        rejected: 1,
      });
    }
  });
});
