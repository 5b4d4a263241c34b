import { describe, expect, test } from 'vitest';
import { brokenText, framings } from './break-text.ts';
import { event, line, needle, scanChunks, scanText } from './scan-text.ts';

const seeds = Array.from({ length: 250 }, (_, index) => index + 1);
const inPieces = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );

describe.each(Object.keys(framings))('%s', (framing) => {
  test.each([1, 2])('%i broken ones cost themselves alone, and are rejected', async (faults) => {
    for (const seed of seeds) {
      const { text, intact, broken } = brokenText(framing, seed, faults);
      const needles = seed % 2 === 0 ? [needle] : null;
      const whole = await scanChunks([text], needles);
      const ids = whole.ids.filter((id) => intact.includes(String(id)));
      expect({ seed, ids }).toEqual({ seed, ids: intact });
      // what still is an event, and what begins with no bracket any more, is no broken one
      const isRejected = broken.every(({ isJson, bytes }) => isJson || !/^\s*\{/.test(bytes));
      if (needles === null && !isRejected && whole.ids.length === intact.length)
        expect({ seed, rejected: whole.report.rejected }).not.toEqual({ seed, rejected: 0 });
      const cut = await scanChunks(inPieces(text, 1 + (seed % 700)), needles);
      expect({ seed, ...cut }).toEqual({ seed, ...whole });
    }
  });

  test('the place of a rejection lies in what is broken', async () => {
    for (const seed of seeds) {
      const { text, broken } = brokenText(framing, seed, 1);
      const { report } = await scanChunks([text], null);
      const [fault] = broken;
      for (const { place } of report.rejections) {
        const { offset = -1 } = place;
        const isIn = fault !== undefined && offset >= fault.from && offset <= fault.to;
        // a list that a cut-off item swallowed the end of is itself not closed
        expect({ seed, offset, isIn: isIn || offset === text.length }).toEqual({ seed, offset, isIn: true });
      }
    }
  });
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
    '{"a":1}]',
    '{"auditID":"","a":[',
  ];
  const heads = ['', line({ x: 1 }).trimEnd().repeat(2), '{"kind":"EventList","items":[{"x":1},\n'];
  test.each(pieces)('%j', async (piece) => {
    for (const head of heads) {
      const after = `\n${line(event('one'))}${line(event('two'))}`;
      const { report } = await scanText(`${head}${piece.repeat(100_000 / piece.length)}${after}`);
      expect(report.rejected + report.passedOverBytes).toBeGreaterThan(0);
    }
  });
});
