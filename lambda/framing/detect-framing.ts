import { beginningAt, beginsObject } from './document-boundaries.ts';
import type { FrameOptions } from './frame.ts';
import { isBlank, lf, openingBrace, openingBracket } from './json-bytes.ts';
import { JsonReader, type Reading } from './json-reader.ts';
import type { TextCursor } from './text-cursor.ts';

/**
 * Decides how a text is framed by its first document: `{"a":1}` at the end of its line is a line among lines; if the
 * document continues after its line, or another one follows on it (`{"a":1}{"b":2}`), the text is a sequence of documents.
 */
export async function detectFraming(
  cursor: TextCursor,
  options: FrameOptions,
): Promise<'lines' | 'documents'> {
  const reader = new JsonReader();
  let reading: Reading = { kind: 'open' };
  for (let read = 0; ; ) {
    const { bytes, at } = cursor;
    const begins = beginningAt(bytes, at);
    if (begins !== 'document') return begins === 'list' ? 'documents' : 'lines';
    const lineEnd = bytes.indexOf(lf, at);
    const line = lineEnd < 0 ? bytes : bytes.subarray(0, lineEnd);
    if (reading.kind === 'open') {
      reading = reader.read(line, at + read);
      if (reading.kind === 'fault') return beginsObject(line, at) ? 'documents' : 'lines';
      read = (reading.kind === 'ended' ? reading.at : line.length) - at;
    }
    const next = line.subarray(at + read).find((byte) => !isBlank(byte));
    if (next !== undefined) return next === openingBrace || next === openingBracket ? 'documents' : 'lines';
    if (lineEnd >= 0) return reading.kind === 'ended' ? 'lines' : 'documents';
    if (cursor.isLast || cursor.unreadBytes > options.maxRecordBytes) return 'documents';
    await cursor.extend();
  }
}
