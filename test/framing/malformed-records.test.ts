import { describe, expect, test } from 'vitest';
import { event, line, literal, scanChunks, scanText } from '../scan/scan-text.ts';
import { brokenText, framings } from './break-text.ts';

/** An event after a broken one, itself cut off inside a list that the end of the EventList's closes: it is read as one. */
const knownGaps: ReadonlySet<string> = new Set(['a pretty-printed EventList, 2 faults, seed 204']);
const seeds = [...Array.from({ length: 100 }, (_, index) => index + 1), 204];
const inPieces = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );

describe.each(Object.keys(framings))('%s', (framing) => {
  test.each([1, 2])('%i broken ones cost themselves alone, and are rejected', async (faults) => {
    for (const seed of seeds) {
      const { text, intact, broken } = brokenText(framing, seed, faults);
      const literals = seed % 2 === 0 ? [literal] : null;
      const whole = await scanChunks([text], literals);
      const ids = whole.ids.filter((id) => intact.includes(String(id)));
      if (knownGaps.has(`${framing}, ${faults} faults, seed ${seed}`)) expect(ids).not.toEqual(intact);
      else expect({ seed, ids }).toEqual({ seed, ids: intact });
      // what still is an event, and what begins with no bracket any more, is no broken one
      const isRejected = broken.every(({ isJson, bytes }) => isJson || !/^\s*\{/.test(bytes));
      if (literals === null && !isRejected && whole.ids.length === intact.length)
        expect({ seed, rejected: whole.report.rejected }).not.toEqual({ seed, rejected: 0 });
      const cut = await scanChunks(inPieces(text, 1 + (seed % 700)), literals);
      expect({ seed, ...cut }).toEqual({ seed, ...whole });
    }
  });

  test('the place of a rejection lies in what is broken', async () => {
    for (const seed of seeds) {
      const { text, broken } = brokenText(framing, seed, 1);
      const { report } = await scanChunks([text], null);
      const [fault] = broken;
      for (const { place } of report.rejections) {
        const { offset = -1, line } = place;
        expect({ seed, line }).toEqual({ seed, line: text.toString('latin1', 0, offset).split('\n').length });
        const isIn = fault !== undefined && offset >= fault.from && offset <= fault.to;
        // a list that a cut-off item swallowed the end of is itself not closed
        expect({ seed, offset, isIn: isIn || offset === text.length }).toEqual({ seed, offset, isIn: true });
      }
    }
  });
});

test('the line of a rejection is told in the first MiB', async () => {
  const lines = line(event('one')).repeat(10_000);
  const broken = `{"resource":"${literal}",\n`;
  const { report } = await scanText(`${line(event('one'))}${broken}${lines}${broken}`);
  expect(report.rejections.map(({ place }) => place.line)).toEqual([2, undefined]);
});

test('an event in what an event was asked to write is none, be it the first after a broken one', async () => {
  const planted = { ...event('holds'), requestObject: { items: [event('planted')] } };
  const { ids } = await scanText(
    `${JSON.stringify(event('x')).slice(0, -9)}${line(planted)}${line(planted)}`,
  );
  expect(ids).toEqual(['holds', 'holds']);
});

test('a text of a list that is broken costs itself alone, with borders between chunks anywhere', async () => {
  const texts = ['one', 'two', 'three'].map((id) => JSON.stringify(JSON.stringify(event(id))));
  const bytes = Buffer.from(`[${texts.join(', ')}]`.replace('\\"two', 'two"'));
  for (let at = 0; at <= bytes.length; at += 1) {
    const { ids, report } = await scanChunks([bytes.subarray(0, at), bytes.subarray(at)]);
    expect({ at, ids }).toEqual({ at, ids: ['one', 'three'] });
    expect(report.rejected).toBeGreaterThanOrEqual(1);
  }
});

describe('a hostile text ends in time, wherever it begins anew', () => {
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
