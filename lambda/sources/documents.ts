const quote = 0x22;
const backslash = 0x5c;
const opening = new Set([0x7b, 0x5b]);
const closing = new Set([0x7d, 0x5d]);

/**
 * Cuts text into its top-level JSON documents: pretty-printed ones, and those with nothing between them.
 * @returns offsets of each document; `rest` is where an unfinished one begins, or the end.
 */
export function splitDocuments(bytes: Buffer): { documents: { from: number; to: number }[]; rest: number } {
  const documents: { from: number; to: number }[] = [];
  let depth = 0;
  let from = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (inString) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = depth > 0;
    else if (opening.has(byte)) {
      if (depth === 0) from = at;
      depth += 1;
    } else if (closing.has(byte) && depth > 0) {
      depth -= 1;
      if (depth === 0) documents.push({ from, to: at + 1 });
    }
  }
  return { documents, rest: depth > 0 ? from : bytes.length };
}
