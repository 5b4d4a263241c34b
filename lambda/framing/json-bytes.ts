/** Bytes that JSON is made of. */
export const lf = 0x0a;
const space = 0x20;
export const quote = 0x22;
export const backslash = 0x5c;
export const comma = 0x2c;
export const colon = 0x3a;
export const openingBrace = 0x7b;
export const openingBracket = 0x5b;
export const closingBrace = 0x7d;
export const closingBracket = 0x5d;
export const blank = 0;
export const scalar = 1;

/** What a byte outside strings is: white space, a scalar's, or one of the kinds by the name of one of them. */
export const kinds = new Uint8Array(256).fill(scalar);
kinds.fill(blank, 0, space + 1);
kinds[quote] = quote;
for (const byte of [comma, colon]) kinds[byte] = comma;
for (const byte of [openingBrace, openingBracket]) kinds[byte] = openingBrace;
for (const byte of [closingBrace, closingBracket]) kinds[byte] = closingBrace;

/** White space of JSON. */
export function isBlank(byte: number | undefined): boolean {
  return byte === space || byte === 0x09 || byte === 0x0d || byte === lf;
}

/** What may end a string, or the run of its bytes that mean themselves. */
const endsRun = new Uint8Array(256);
for (const byte of [quote, backslash, lf]) endsRun[byte] = 1;

/** Where the string ends: at its quotation mark, at a line feed, which none may hold, or behind the bytes. */
export function stringEnd(bytes: Buffer, from: number): number {
  const { length } = bytes;
  let at = from;
  while (at < length) {
    const byte = bytes[at] ?? 0;
    if (endsRun[byte] === 0) at += 1;
    else if (byte === backslash) at += bytes[at + 1] === lf ? 1 : 2;
    else break;
  }
  return at;
}
