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
      return `too-long ${frame.offset} ${frame.bytes} bytes: ${frame.head.subarray(0, 9)}`;
  }
}

/**
 * A case of frames.txt: its title, the text, and what is read of it, with the places. After `-` is what is read only if
 * `hit` is the candidate, after `+` what is read only if every place is one. The limit of a record is 100 bytes unless the
 * title states another.
 */
function caseOf(lines: string) {
  const spelledOut = lines.replace(/<(\d+) x>/g, (_, length) => x(length));
  const [title = '', text = '', ...found] = spelledOut.trimEnd().split('\n').map(unescaped);
  const except = (sign: string) =>
    found.filter((line) => !line.startsWith(sign)).map((line) => line.slice(2));
  const limit = Number(/\(limit (\d+)\)$/.exec(title)?.[1] ?? 100);
  return { title, limit, bytes: Buffer.from(text), candidates: except('+'), all: except('-') };
}

function unescaped(line: string): string {
  return line.replaceAll('⏎', '\n').replaceAll('␍', '\r').replaceAll('␀', '\0');
}

const cases = readFileSync(new URL('frames.txt', import.meta.url), 'utf8')
  .split(/^# /m)
  .slice(1)
  .map(caseOf);

test.each(cases)('$title', async ({ bytes, limit, candidates, all }) => {
  // the first chunk ends anywhere, in long texts at some places
  for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 60)) {
    const chunks = [bytes.subarray(0, at), bytes.subarray(at)];
    expect({ at, found: await framesOf(chunks, hit, limit) }).toEqual({ at, found: candidates });
    expect({ at, found: await framesOf(chunks, anyPlace, limit) }).toEqual({ at, found: all });
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
      'too-long 7 15011 bytes: {"b":"xxx',
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

test('behind a text that is too long, documents are read from the next line on', async () => {
  const chunks = [`{"a":1}[]\n${x(6_000)}hit`, `xx\n{"c":"hit"}${' '.repeat(2_000)}`];
  expect(await framesOf(chunks, hit, 5_000)).toEqual([
    'too-long 10 6005 bytes: xxxxxxxxx',
    'document 6016 {"c":"hit"}',
  ]);
});

describe('a record that is too long', () => {
  test.each<[string, string[], string[]]>([
    ['a candidate in its first part', [`{"a":1}{"b":"hit${x(6_000)}`, `${x(9_000)}"}`], ['15011 bytes']],
    ['a candidate between two parts', [`{"a":1}{"b":"${x(6_000)}hi`, `t${x(9_000)}"}`], ['15011 bytes']],
    ['no candidate', [`{"a":1}{"b":"${x(6_000)}`, `${x(9_000)}"}`], []],
    ['a candidate in a text', [`{"a":1}[]\n${x(6_000)}hit`, `${x(9_000)}\n`], ['15003 bytes']],
    [
      'a candidate between two parts of a text',
      [`{"a":1}[]\n${x(6_000)}hi`, `t${x(9_000)}`],
      ['15003 bytes'],
    ],
    ['no end', [`{"a":1}{"b":"${x(6_000)}hit`], ['6009 bytes']],
  ])('is reported: %s', async (_, chunks, sizes) => {
    const found = await framesOf(chunks, hit, 5_000);
    expect(found.map((frame) => frame.match(/\d+ bytes/)?.[0])).toEqual(sizes);
  });

  test('has a head of 1 MiB, whether or not its end is in the same chunk', async () => {
    const text = `{"a":1}{"b":"hit${x(2 ** 20)}"}`;
    for (const at of [text.length, text.length - 5]) {
      const heads: string[] = [];
      async function* chunks() {
        yield Buffer.from(text.slice(0, at));
        if (at < text.length) yield Buffer.from(text.slice(at));
      }
      for await (const frame of frames(chunks(), { nextCandidate: hit, maxRecordBytes: 100 }))
        if (frame.kind === 'too-long') heads.push(`${frame.head}`);
      expect(heads.map((head) => head === text.slice(7, 7 + 2 ** 20))).toEqual([true]);
    }
  });
});

test('a malformed document without a candidate is skipped if its end is not far', async () => {
  const chunks = (length: number) => [`{"z":1}{"a":x"${x(length)}`, '"}{"b":"hit"}'];
  expect(await framesOf(chunks(92), hit)).toEqual(['document 108 {"b":"hit"}']);
  expect(await framesOf(chunks(93), hit)).toEqual([
    `malformed 7 {"a":x"${x(93)}"} (a string where none may be)`,
    'salvaged 109 {"b":"hit"}',
  ]);
});

test('a malformed document ends where another begins, or at the limit of a record', async () => {
  const begins = '{"b":x"hit';
  const reason = '(a string where none may be)';
  const near = [`{"a":"${x(600)}"}${begins}${x(350)}`, `${x(20)}"}{"c":"hit"}`];
  expect(await framesOf(near, hit, 1_000)).toEqual([
    `malformed 608 ${begins}${x(370)}"} ${reason}`,
    'salvaged 990 {"c":"hit"}',
  ]);
  const far = [`{"a":1}${begins}${x(500)}`, `${x(500)}"}{"c":"hit"}`];
  expect(await framesOf(far, hit)).toEqual([
    `malformed 7 ${begins}${x(500 - 256)} ${reason}`,
    'salvaged 1019 {"c":"hit"}',
  ]);
});

test('the chunks are closed if reading stops early, and a byte order mark is passed by', async () => {
  let isClosed = false;
  async function* chunks() {
    try {
      for (;;) yield Buffer.from('\ufeff{"a":"hit"}{"b":1}\n');
    } finally {
      isClosed = true;
    }
  }
  for await (const frame of frames(chunks(), { nextCandidate: hit, maxRecordBytes: 100 })) {
    expect(shown(frame)).toBe('document 3 {"a":"hit"}');
    break;
  }
  expect(isClosed).toBe(true);
});
