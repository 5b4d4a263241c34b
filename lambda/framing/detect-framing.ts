import { objectStart } from './document-boundaries.ts';
import { isBlank, lf, openingBrace, openingBracket, quote } from './json-bytes.ts';
import { JsonReader } from './json-reader.ts';
import { kept } from './released-chunk.ts';
import type { TextCursor } from './text-cursor.ts';

/**
 * Decides how a text is framed by its first document: `{"a":1}` at the end of its line is a line among lines; if the
 * document continues after its line, or another one follows on it (`{"a":1}{"b":2}`), the text is a sequence of documents.
 */
export async function detectFraming(
  cursor: TextCursor,
  maxRecordBytes: number,
): Promise<'lines' | 'documents'> {
  const first = cursor.bytes[cursor.at];
  if (first === openingBracket)
    return (await afterBracket(cursor, maxRecordBytes)) === 'text' ? 'lines' : 'documents';
  if (first !== openingBrace) return 'lines';
  const parts: Buffer[] = [];
  const framing = await ofDocument(cursor, maxRecordBytes, parts);
  cursor.back(parts);
  return framing;
}

async function ofDocument(cursor: TextCursor, maxRecordBytes: number, parts: Buffer[]) {
  const reader = new JsonReader();
  let isEnded = false;
  let length = 0;
  reader.begin();
  do {
    const { bytes, at } = cursor;
    let to = at;
    if (!isEnded) {
      const reading = reader.read(bytes, at);
      to = reading.kind === 'open' ? bytes.length : reading.at;
      const line = bytes.indexOf(lf, at);
      if (line >= 0 && line < to) return 'documents';
      if (reading.kind === 'fault')
        return objectStart(Buffer.concat([...parts, bytes.subarray(at, to)]), 0) === 0
          ? 'documents'
          : 'lines';
      isEnded = reading.kind === 'ended';
    }
    const after = bytes.subarray(to).find((byte) => byte === lf || !isBlank(byte));
    if (after !== undefined)
      return after === openingBrace || after === openingBracket ? 'documents' : 'lines';
    parts.push(kept(bytes.subarray(at)));
    cursor.at = bytes.length;
    length += bytes.length - at;
  } while (length <= maxRecordBytes && (await cursor.next()));
  return 'documents';
}

/** A list of objects is cut into them. Any other list is one document, and a word in brackets begins a text. */
export async function afterBracket(
  cursor: TextCursor,
  maxBlankBytes: number,
): Promise<'list' | 'document' | 'text'> {
  for (;;) {
    const { bytes, at } = cursor;
    const first = bytes.subarray(at + 1).find((byte) => !isBlank(byte));
    if (first === undefined && bytes.length - at < maxBlankBytes && (await cursor.extend())) continue;
    if (first === openingBrace) return 'list';
    return first === quote || first === openingBracket || first === openingBracket + 2 ? 'document' : 'text';
  }
}
