/** Documents are smaller as a rule; where one isn't, no border is found near it, which only costs time. */
const nearBytes = 65_536;
const lineBorder = Buffer.from('}\n{');
const directBorder = Buffer.from('}{"');
const quoteAt = 2;

/**
 * Where one top-level document surely ends and another begins, seen without reading either: a closing brace, a line
 * feed and an opening brace (no string holds a line feed), or `}{"` and a letter (inside a string the quotation mark
 * would end it, and no letter may follow that).
 * @returns the offset of the opening brace of the first border at or after `from`; -1 where there is none near
 */
export function borderAfter(bytes: Buffer, from: number): number {
  const near = bytes.subarray(from, from + nearBytes);
  const inLines = near.indexOf(lineBorder);
  let direct = near.indexOf(directBorder);
  while (direct >= 0 && !isLetter(near[direct + quoteAt + 1]))
    direct = near.indexOf(directBorder, direct + 1);
  const line = inLines < 0 ? -1 : inLines + 2;
  const nothing = direct < 0 ? -1 : direct + 1;
  const first = line < 0 || (nothing >= 0 && nothing < line) ? nothing : line;
  return first < 0 ? -1 : from + first;
}

/** The last border before `to` and not before `from`, -1 where there is none near `to`. */
export function borderBefore(bytes: Buffer, from: number, to: number): number {
  const start = Math.max(from, to - nearBytes);
  const near = bytes.subarray(start, to);
  const line = near.lastIndexOf(lineBorder);
  if (line >= 0) return start + line + 2;
  let direct = near.lastIndexOf(directBorder);
  while (direct > 0 && !isLetter(near[direct + quoteAt + 1]))
    direct = near.lastIndexOf(directBorder, direct - 1);
  return direct < 0 || !isLetter(near[direct + quoteAt + 1]) ? -1 : start + direct + 1;
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
}
