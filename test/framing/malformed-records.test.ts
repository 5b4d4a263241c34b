import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { event, line, literal, scanChunks, scanText } from '../scan/scan-text.ts';
import { brokenText, framings } from './break-text.ts';

/**
 * A document that was cut off before a value (`{"user":{"auditID":…}`) takes the next document for this value. A document
 * that was cut off in a list takes the documents behind it for further items. Whoever sends a request could write the
 * same into its body, so what is inside is not evaluated.
 */
const knownGaps: readonly string[] = [
  'a list, 2 faults, seed 12',
  'a list, 2 faults, seed 82',
  'a list, 2 faults, seed 204',
  'an EventList, 2 faults, seed 12',
  'an EventList, 2 faults, seed 82',
  'an EventList, 2 faults, seed 204',
  ...[17, 40, 80, 97].map((seed) => `documents with nothing between them, 1 faults, seed ${seed}`),
  ...[9, 33, 86, 87, 97].map((seed) => `documents with nothing between them, 2 faults, seed ${seed}`),
];
const seeds = [...Array.from({ length: 100 }, (_, index) => index + 1), 204];
const inPieces = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );

describe.each(Object.keys(framings))('%s', (framing) => {
  test.each([1, 2])(
    '%i malformed records do not affect their neighbors, and are rejected',
    async (faults) => {
      const failures: unknown[] = [];
      for (const seed of seeds) {
        // thousands of calls of expect() would take longer than what they compare
        const check = (actual: unknown, expected: unknown, isSame = true) => {
          if (isDeepStrictEqual(actual, expected) !== isSame)
            failures.push({ seed, actual, isSame, expected });
        };
        const { text, intact, broken } = brokenText(framing, seed, faults);
        const literals = seed % 2 === 0 ? [literal] : null;
        const whole = await scanChunks([text], literals);
        const ids = whole.ids.filter((id) => intact.includes(String(id)));
        check(ids, intact, !knownGaps.includes(`${framing}, ${faults} faults, seed ${seed}`));
        // a document that is still readable, or that has lost its first bracket, need not be rejected
        const isRejected = broken.every(({ isJson, bytes }) => isJson || !/^\s*\{/.test(bytes));
        if (literals === null && !isRejected && whole.ids.length === intact.length)
          check(whole.report.rejected, 0, false);
        const cut = await scanChunks(inPieces(text, 1 + (seed % 700)), literals);
        // a line feed inside a string looks like a cut: whether the head is evaluated too, or its parts are joined, depends on
        // the chunks
        const parted = broken.filter(({ kind }) => kind === 'line feed').map(({ bytes }) => bytes);
        const wholeRecords = ({ records }: typeof cut) =>
          records.filter(
            ({ format, event: { auditID } }) =>
              format !== 'truncated' && !parted.some((bytes) => bytes.includes(`"${auditID}"`)),
          );
        check(wholeRecords(cut), wholeRecords(whole));
        // a malformed one without a candidate may be skipped with its neighbors
        if (literals === null) check(cut.report, whole.report);
      }
      expect(failures).toEqual([]);
    },
  );

  test('the place of a rejection is in the malformed record', async () => {
    const outside: unknown[] = [];
    for (const seed of seeds) {
      const { text, broken } = brokenText(framing, seed, 1);
      const { report } = await scanChunks([text], null);
      const [fault] = broken;
      for (const { place } of report.rejections) {
        const { offset = -1 } = place;
        const isIn = fault !== undefined && offset >= fault.from && offset <= fault.to;
        // a list that a cut-off item swallowed the end of is itself not closed
        if (!isIn && offset < text.lastIndexOf('}')) outside.push({ seed, offset });
      }
    }
    expect(outside).toEqual([]);
  });
});

test('an event in the body of a request is none, even if the request follows a malformed record', async () => {
  const planted = { ...event('holds'), requestObject: { items: [event('planted')] } };
  const { ids } = await scanText(
    `${JSON.stringify(event('x')).slice(0, -9)}${line(planted)}${line(planted)}`,
  );
  expect(ids).toEqual(['holds', 'holds']);
});

describe('a hostile text is read to its end in linear time', () => {
  const pieces = [
    '{{\n',
    '}{',
    '{"a":[',
    '[{"a":',
    '}\n{"a',
    '{"a":{"auditID":"',
    '"a{\\"b":',
    '{"a":1,{',
    ',{"a":',
    '{"a":[{"auditID":"x"},',
    '{"auditID":{"b":[',
    '\n{ "',
    '{"a\n',
    '{"a":"{\\"',
    '\\{"a',
    ',"{\\"a',
    ',  "{\\"a":}',
    '{"a":1}]',
    '{"auditID":"","a":[',
    '"a":[',
    '"a" :{1',
    '\\\\":{',
    '"       :',
  ];
  const heads = ['', line({ x: 1 }).trimEnd().repeat(2), '{"kind":"EventList","items":[{"x":1},\n'];
  test.each(pieces)('%j', async (piece) => {
    for (const head of heads) {
      const after = `\n${line(event('one'))}${line(event('two'))}`;
      const { report } = await scanText(`${head}${piece.repeat(100_000 / piece.length)}${after}`);
      expect(report.rejected + report.skippedBytes).toBeGreaterThan(0);
    }
  });
});
