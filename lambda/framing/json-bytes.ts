/** Bytes that JSON is made of. */
export const lf = 0x0a;
const cr = 0x0d;
export const quote = 0x22;
export const comma = 0x2c;
export const colon = 0x3a;
export const backslash = 0x5c;
export const openingBrace = 0x7b;
export const openingBracket = 0x5b;
export const closingBrace = 0x7d;
export const closingBracket = 0x5d;

const byteClass = { scalar: 0, blank: 1, string: 2, open: 3, close: 4, separator: 5, control: 6 } as const;

/** What a byte outside of strings belongs to. */
export const classes = new Uint8Array(256);
classes.fill(byteClass.control, 0, 0x20);
for (const byte of [lf, 0x20, 0x09, 0x0d]) classes[byte] = byteClass.blank;
classes[quote] = byteClass.string;
for (const byte of [openingBrace, openingBracket]) classes[byte] = byteClass.open;
for (const byte of [closingBrace, closingBracket]) classes[byte] = byteClass.close;
for (const byte of [comma, colon]) classes[byte] = byteClass.separator;
export const { scalar, open } = byteClass;

/** White space, and the control characters between documents, such as the zeros of a file that was truncated in place. */
export function isBlank(byte: number | undefined): boolean {
  return byte !== undefined && byte <= 0x20;
}

/** A letter, `_` or `@`: a key of a record begins with one. */
export function beginsKey(byte: number | undefined): boolean {
  const letter = (byte ?? 0) | 0x20;
  return byte === 0x5f || byte === 0x40 || (letter >= 0x61 && letter <= 0x7a);
}

/** Where a line ends without the bytes that end it. */
export function trimEnd(bytes: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from && (bytes[end - 1] === lf || bytes[end - 1] === cr)) end -= 1;
  return end;
}
