import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonReader } from '../../lambda/framing/json-reader.ts';
import { candidateSearch } from '../../lambda/framing/prefilter.ts';

/** Where the document ends, `open` if it does not, `fault` if it is none. */
function read(text: Buffer, size = text.length): number | 'open' | 'fault' {
  const reader = new JsonReader();
  reader.begin();
  for (let from = 0; from < text.length; from += size) {
    const reading = reader.read(text.subarray(from, from + size), 0);
    if (reading.kind === 'ended') return from + reading.at;
    if (reading.kind === 'fault') return 'fault';
  }
  return 'open';
}

const document = fc.oneof(fc.object({ withNullPrototype: false }), fc.array(fc.jsonValue()));

test('a document ends where its last bracket is, however it is cut into parts', () => {
  fc.assert(
    fc.property(document, fc.constantFrom(0, 2), fc.integer({ min: 1, max: 40 }), (value, indent, size) => {
      const text = Buffer.from(JSON.stringify(value, null, indent));
      const followed = Buffer.concat([text, Buffer.from('{"next":1}')]);
      expect([read(text), read(followed), read(followed, size)]).toEqual(Array(3).fill(text.length));
    }),
  );
});

test('a text that JSON.parse accepts ends at its end, and one of another structure does not', () => {
  const byte = fc.constantFrom(...'{}[]",:\\u0a1-.e \n\ttrue', '\0', '\x7f', 'é', '\\u00e9', '\\"');
  const change = fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.array(byte, { maxLength: 3 }));
  let accepted = 0;
  fc.assert(
    fc.property(document, change, fc.integer({ min: 1, max: 20 }), (value, [place, removed, put], size) => {
      const text = JSON.stringify(value);
      const at = place % text.length;
      const changed = `${text.slice(0, at)}${put.join('')}${text.slice(at + removed)}`.trim();
      if (!/^[{[]/.test(changed)) return;
      const bytes = Buffer.from(changed);
      const ends = read(bytes) === bytes.length;
      accepted += ends ? 1 : 0;
      expect({ changed, ends }).toEqual({ changed, ends: isJson(withoutDetails(changed)) });
      if (isJson(changed)) expect(ends).toBe(true);
      expect(read(bytes, size)).toBe(read(bytes));
    }),
    { numRuns: 3_000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

/** With an empty text for each string, and a zero for each number or word, which are left to JSON.parse. */
function withoutDetails(text: string): string {
  const details = /"(?:[^"\\\x00-\x1f]|\\[^\x00-\x1f])*("?)|[^ "{}[\]:,\x00-\x1f]+/g;
  return text.replace(details, (detail, closing: string) => (detail.startsWith('"') ? `"${closing}` : '0'));
}

test.each([
  ['a number of 3,000 digits', `[${'1'.repeat(3_000)}]`],
  ['10,000 levels, as many as Go reads', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
])('%s is read', (_, text) => {
  for (const size of [text.length, 100]) expect(read(Buffer.from(text), size)).toBe(text.length);
});

test('readers that take turns do not disturb each other, nor does a search', () => {
  const texts = fc.array(document, { minLength: 2, maxLength: 3 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 30 }), (values, size) => {
      const readers = values.map((value) => ({ reader: begun(), text: Buffer.from(JSON.stringify(value)) }));
      const ends = new Map<Buffer, number>();
      for (let from = 0; ends.size < readers.length; from += size) {
        for (const { reader, text } of readers) {
          if (ends.has(text)) continue;
          candidateSearch(['abc'])(text, 0);
          const reading = reader.read(text.subarray(from, from + size), 0);
          if (reading.kind !== 'open') ends.set(text, reading.kind === 'ended' ? from + reading.at : -1);
        }
      }
      expect([...ends].filter(([text, end]) => text.length !== end)).toEqual([]);
    }),
  );
});

test('all lists directly in a document are reported, however many there are and however long it is', () => {
  const text = Buffer.from(
    JSON.stringify(Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`k${i}`, [[i]]]))),
  );
  const reader = begun();
  expect(reader.read(text, 0)).toEqual({ kind: 'ended', at: text.length });
  expect(reader.listsAt).toEqual([...text.toString().matchAll(/(?<=:)\[/g)].map(({ index }) => index));
  expect(reader.stringAt).toBe(text.lastIndexOf('"k'));
});

test('a document that is cut off anywhere states what was complete, and its open brackets and keys', () => {
  const text = '{"a":"x","b":{"c":[1,{"d\\"":2}],"e":true,"f":{}}}';
  for (let length = 1; length < text.length; length += 1) {
    const reader = begun();
    const cut = Buffer.from(text.slice(0, length));
    expect(reader.read(cut, 0)).toEqual({ kind: 'open' });
    const closing = [...reader.brackets].reverse().map((bracket) => String.fromCharCode(bracket + 2));
    const whole = `${text.slice(0, reader.completeTo)}${closing.join('')}`;
    expect({ whole, isJson: isJson(whole) }).toEqual({ whole, isJson: true });
    const isBehindKey = /"(?::\w*|:"[^"]*)?$/.test(text.slice(0, length)) && reader.isInMember;
    const [from = 0, to = 0] = reader.keys.subarray(2 * reader.brackets.length - 2);
    if (isBehindKey)
      expect(text.slice(from, to)).toBe(text.slice(0, length).match(/.*("\w(?:\\")?"):?[^{[]*$/)?.[1]);
  }
});

test('skipping whole documents ends where reading one after another ends', () => {
  const separator = fc.constantFrom('', ',', '\n', ' ,\n', ']', '[', '1', 'x', '{');
  const part = fc.tuple(fc.oneof(fc.object({ maxDepth: 2 }), fc.object(), long), separator);
  const options = fc.tuple(fc.array(part, { maxLength: 12 }), fc.nat(1_000), fc.constantFrom(20, 1_500, 1e6));
  let skipped = 0;
  fc.assert(
    fc.property(options, ([parts, place, maxBytes]) => {
      const bytes = Buffer.from(parts.map(([value, between]) => JSON.stringify(value) + between).join(''));
      const limit = place % 3 === 0 ? bytes.length : place % (bytes.length + 1);
      const end = begun().skip(bytes, 0, limit, maxBytes);
      skipped += end > 0 ? 1 : 0;
      expect(end).toBe(endOfDocuments(bytes.subarray(0, limit), maxBytes));
    }),
    { numRuns: 1_000 },
  );
  expect(skipped).toBeGreaterThan(100);
});

/** A document that is longer than what is copied into the memory of the module at first. */
const long = fc.integer({ min: 900, max: 9_000 }).map((length) => ({ text: 'x'.repeat(length) }));

function endOfDocuments(bytes: Buffer, maxBytes: number): number {
  for (let end = 0; ; ) {
    let at = end;
    while (at < bytes.length && ' ,\n'.includes(String.fromCharCode(bytes[at] ?? 0))) at += 1;
    const reading = bytes[at] === 0x7b ? begun().read(bytes, at) : undefined;
    if (reading?.kind !== 'ended' || reading.at - at > maxBytes) return end;
    end = reading.at;
  }
}

function begun(): JsonReader {
  const reader = new JsonReader();
  reader.begin();
  return reader;
}

test('30,000 levels are not', () => {
  expect(read(Buffer.from('['.repeat(30_000)))).toBe('fault');
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
