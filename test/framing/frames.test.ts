import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Frame } from '../../lambda/framing/frame.ts';
import { frames } from '../../lambda/framing/frames.ts';
import type { NextCandidate } from '../../lambda/framing/prefilter.ts';

const hit: NextCandidate = (bytes, from) => bytes.indexOf('hit', from);
const anyPlace: NextCandidate = (bytes, from) => (from < bytes.length ? from : -1);
const x = (length: number | string) => 'x'.repeat(Number(length));

async function framesOf(chunks: readonly (string | Buffer)[], search: NextCandidate, maxRecordBytes = 100) {
  async function* own() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const found: string[] = [];
  for await (const frame of frames(own(), { nextCandidate: search, maxRecordBytes }))
    found.push(shown(frame));
  return found;
}

function shown(frame: Frame): string {
  switch (frame.kind) {
    case 'record':
      return `${frame.framing} ${frame.offset} ${frame.bytes}`;
    case 'malformed':
      return `malformed ${frame.offset} ${frame.bytes} (${frame.reason})`;
    case 'too-long':
      return `too-long ${frame.offset} ${frame.bytes} bytes`;
  }
}

/**
 * A case of frames.txt: its title, the text, and what is read of it, with the places. After `-` is what is read only if
 * `hit` is the candidate, after `+` what is read only if every place is one.
 */
function caseOf(lines: string) {
  const spelledOut = lines.replace(/<(\d+) x>/g, (_, length) => x(length));
  const [title = '', text = '', ...found] = spelledOut.trimEnd().split('\n').map(unescaped);
  const except = (sign: string) =>
    found.filter((line) => !line.startsWith(sign)).map((line) => line.slice(2));
  return { title, bytes: Buffer.from(text), candidates: except('+'), all: except('-') };
}

function unescaped(line: string): string {
  return line.replaceAll('⏎', '\n').replaceAll('␍', '\r').replaceAll('␀', '\0');
}

const cases = readFileSync(new URL('frames.txt', import.meta.url), 'utf8')
  .split(/^# /m)
  .slice(1)
  .map(caseOf);

test.each(cases)('$title', async ({ bytes, candidates, all }) => {
  // the first chunk ends anywhere
  for (let at = 0; at < bytes.length; at += bytes.length > 200 ? 9 : 1) {
    const chunks = [bytes.subarray(0, at), bytes.subarray(at)];
    expect({ at, found: await framesOf(chunks, hit) }).toEqual({ at, found: candidates });
    expect({ at, found: await framesOf(chunks, anyPlace) }).toEqual({ at, found: all });
  }
});

describe('behind a document that is too long', () => {
  test('the next one is read from its beginning', async () => {
    const chunks = [
      `{"a":1}{"b":"${x(6_000)}`,
      `${x(9_000)}hit"}{"c":{"d":"e`,
      `"},"x":"hit"}{"f":"hit"}${' '.repeat(9_000)}{"g":"hit"}`,
    ];
    expect(await framesOf(chunks, hit, 5_000)).toEqual([
      'too-long 7 15011 bytes',
      'document 15018 {"c":{"d":"e"},"x":"hit"}',
      'document 15043 {"f":"hit"}',
      'document 24054 {"g":"hit"}',
    ]);
  });

  test('and malformed, documents are salvaged up to the next line', async () => {
    const chunks = [`[{"a":1},{"b":"${x(380)}`, `${x(30)}"z"hit"},{"c":"hit"}\n2026-01-02 hit\n{"d":"hit"}`];
    expect(await framesOf(chunks, hit)).toEqual([
      'salvaged 434 {"c":"hit"}',
      'line 446 2026-01-02 hit',
      'last-line 461 {"d":"hit"}',
    ]);
  });
});
