import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { scanLogData } from '../../lambda/scan/scan-log-data.ts';
import { event, line, lines, literal, scanChunks } from './scan-text.ts';

/**
 * Attempts to make an event vanish: an input that holds one and is read to its end without a word. Each has to end in an
 * event that is evaluated, a rejected or a suspicious record, or a fault.
 */
const wanted = event('wanted');
const text = JSON.stringify(wanted);
const others = lines(Array.from({ length: 20 }, (_, index) => event(`other-${index}`, 'pods')));
const escaped = (value: string, from: RegExp) =>
  value.replace(from, (found) =>
    [...found].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  );
const nested = (levels: number) => `${'{"a":'.repeat(levels)}${text}${'}'.repeat(levels)}`;
const cutInEscape = text.replace('"kubectl"', '"kube\\u00e9ctl"').replace(/(\\u00).*$/, '$1');

const attempts: readonly (readonly [string, string | Buffer])[] = [
  ['a wrapper with text before and behind it', `msg one two: {"x":${text}} took=3ms\n`],
  ['a wrapper of an unknown kind in a list of lists', line([[['row', 1, [wanted]]]])],
  ['columns and rows', line({ columns: ['auditID', 'verb', 'resource'], rows: [['1', 'create', literal]] })],
  ['key and value in text', `auditID=1 stage=ResponseComplete verb=create resource=${literal}\n`],
  ['XML', `<event auditID="1" verb="create" resource="${literal}"/>\n`],
  ['Go syntax', `audit: &Event{AuditID:"1",Verb:"create",ObjectRef:{Resource:"${literal}"}}\n`],
  ['a key in other letters', line({ ...wanted, kind: 'event', auditID: undefined, auditId: '1' })],
  ['escaped keys and values', `${escaped(text, /auditID|verb|stage|certificatesigningrequests/g)}\n`],
  [
    'escapes in JSON in JSON',
    line({ log: JSON.stringify({ log: escaped(text, /certificatesigningrequests/) }) }),
  ],
  ['upper-case escapes', `${text.replace(literal, '\\u0063ertificatesigningrequest\\u0073')}\n`],
  [
    'a duplicate key that hides the resource',
    `${text.replace('"objectRef"', '"objectRef":{"resource":"pods"},"objectRef"')}\n`,
  ],
  ['a duplicate key behind the resource', `${text.slice(0, -1)},"objectRef":{"resource":"pods"}}\n`],
  ['a huge number', `${text.replace('"stage"', `"n":1${'0'.repeat(5_000)},"stage"`)}\n`],
  ['a number that JSON does not know', `${text.replace('"stage"', '"n":NaN,"stage"')}\n`],
  ['a comma before the brace', `${text.slice(0, -1)},}\n`],
  ['single quotation marks', `${text.replaceAll('"', "'")}\n`],
  ['a comment', `/* audit */ ${text.slice(0, -1)} /* end */ }\n`],
  ['deep nesting around it', `${nested(500)}\n`],
  ['deeper nesting than any parser takes', `${nested(50_000)}\n`],
  ['deep nesting before it', `${'['.repeat(20_000)}\n${text}\n`],
  ['CR for LF', `${text}\r${text}\r`],
  ['a byte order mark in the middle', `${others}\ufeff${text}\n`],
  ['several byte order marks', `\ufeff\ufeff${text}\n`],
  ['U+2028 for LF', `${text}\u2028${text}\u2028`],
  ['a vertical tab before it', `\v${text}\n`],
  ['a NUL behind every character', Buffer.concat([Buffer.from(others), Buffer.from(`${text}\n`, 'utf16le')])],
  [
    'a NUL before every character',
    Buffer.concat([Buffer.from(others), Buffer.from(`${text}\n`, 'utf16le').swap16()]),
  ],
  ['gzip in base64 in JSON', line({ kind: 'x', data: gzipSync(text).toString('base64') })],
  ['base64 in JSON', line({ messages: [{ data: Buffer.from(text).toString('base64') }] })],
  ['gzip behind text', Buffer.concat([Buffer.from(others), gzipSync(text)])],
  ['gzip behind text in gzip', gzipSync(Buffer.concat([Buffer.from(others), gzipSync(text)]))],
  ['zstd behind text', Buffer.concat([Buffer.from(others), zstdCompressSync(text)])],
  ['four layers of gzip', gzipSync(gzipSync(gzipSync(gzipSync(text))))],
  ['zlib', deflateSync(text)],
  ['raw deflate', deflateRawSync(others + text)],
  [
    'a cut within an escape',
    `${others}${cutInEscape.replace('"userAgent"', `"r":"${literal}","userAgent"`)}\n`,
  ],
  ['a cut within the literal, at the end', `${others}${text.slice(0, text.indexOf('signing'))}`],
  ['a cut behind the literal', `${others}${text.slice(0, text.indexOf('signing') + 20)}\n`],
  ['a beginning that is missing', `${text.slice(30)}\n`],
  ['a missing first brace', `${text.slice(1)}\n`],
  [
    'lines of other components between its parts',
    `${text.slice(0, 120)}\nI0302 scheduler.go:1] hello\n${text.slice(120)}\n`,
  ],
  ['events between its parts', `${text.slice(0, 120)}\n${others}${text.slice(120)}\n`],
  ['quotation marks that are escaped twice', `${JSON.stringify(JSON.stringify(text))}\n`],
  [
    'eight layers of JSON in strings',
    `${Array.from({ length: 8 }).reduce<string>((inner) => JSON.stringify({ log: inner }), text)}\n`,
  ],
  [
    'a URI that is percent-encoded',
    line({ kind: 'Access', uri: `/apis/x/v1/${literal.replace('c', '%63')}` }),
  ],
  ['an event in the body of another', line({ ...event('outer', 'pods'), requestObject: wanted })],
];

/** Rightly so: what a client wrote into a body is no event, and the last of two equal keys counts, as for Go and Kibana. */
const noEvent = new Set(['an event in the body of another', 'a duplicate key behind the resource']);

describe('an event does not vanish behind', () => {
  test.each(attempts)('%s', async (name, input) => {
    const bytes = Buffer.from(input);
    const outcomes = await Promise.all(
      [bytes.length, 61].map(async (size) => {
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        const { records, report } = await scanChunks(chunks);
        const isEvaluated = records.some(({ event: found }) => JSON.stringify(found).includes(literal));
        return {
          isEvaluated,
          isReported: report.rejected + report.suspicious > 0 || report.fault !== undefined,
          isCalledOut: !report.looksLikeAudit,
        };
      }),
    );
    for (const { isEvaluated, isReported, isCalledOut } of outcomes) {
      if (noEvent.has(name)) expect(isReported).toBe(false);
      else
        expect({ isEvaluated, isReported, isCalledOut }).not.toEqual({
          isEvaluated: false,
          isReported: false,
          isCalledOut: false,
        });
    }
  });
});

test.each([1, 2, 3, 5])('compressed bytes behind text are found in chunks of %i', async (size) => {
  const bytes = Buffer.concat([Buffer.from(others), gzipSync(text)]);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
  const { report } = await scanChunks(chunks);
  expect(report.rejections).toContainEqual({
    place: expect.objectContaining({ offset: Buffer.byteLength(others) }),
    reason: 'gzip behind text is not read',
  });
});

describe('an event over several log events does not vanish', () => {
  const parts = [text.slice(0, 120), text.slice(120, 220), text.slice(220)];
  test.each<[string, readonly string[]]>([
    [
      'behind lines of other components between them',
      [parts[0] ?? '', 'I0302 hello', parts[1] ?? '', parts[2] ?? ''],
    ],
    [
      'behind another event between them',
      [parts[0] ?? '', JSON.stringify(event('b', 'pods')), parts[1] ?? '', parts[2] ?? ''],
    ],
    ['if its last part is missing', parts.slice(0, 2)],
    ['if its parts are in the wrong order', parts.toReversed()],
  ])('%s', async (_, messages) => {
    const logEvents = messages.map((message, index) => ({ id: `${index}`, timestamp: 0, message }));
    const envelope = { messageType: 'DATA_MESSAGE', logGroup: 'g', logStream: 's', logEvents };
    let evaluated = 0;
    const report = await scanLogData(
      gzipSync(JSON.stringify(envelope)),
      { clusters: { logGroups: {}, buckets: {}, keyPatterns: {} }, region: 'eu-central-1' },
      {
        literals: [literal],
        onRecord: ({ event: found }) => {
          if (JSON.stringify(found).includes(literal)) evaluated += 1;
        },
      },
    );
    expect(report.rejected + report.suspicious + evaluated).toBeGreaterThan(0);
  });
});
