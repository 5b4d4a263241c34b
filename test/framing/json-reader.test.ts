import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonReader } from '../../lambda/framing/json-reader.ts';

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
