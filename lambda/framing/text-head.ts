/**
 * Tells text from packed bytes by the first bytes. Compression leaves invalid UTF-8 and control characters at once, or,
 * where it copies what it cannot compress (Snappy, lz4), before the copy: `\x85\x12\xf0\x3f{"kind":"Event",…`. A few of
 * them further on are what a client sent, and must not make a whole log unreadable.
 */
const noText = /[\x01-\x08\x0e-\x1a\x1c-\x1f\ufffd]|(?<!\0)\0{1,3}(?!\0)/g;
/** Too early for what a client sent. */
const firstCharacters = 8;
const maxShare = 0.1;
/** U+FFFD, which Go writes for invalid bytes, is text. */
const replacement = /\xef\xbf\xbd/g;
/** The first bytes may be the end of a character that was cut, and the last ones its beginning. */
const cutCharacter = /^[\x80-\xbf]{1,3}|[\xc2-\xf4][\x80-\xbf]{0,2}$/g;

export function isTextHead(head: Buffer): boolean {
  const bytes = head.toString('latin1').replace(replacement, '?').replace(cutCharacter, '');
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  const found = [...text.matchAll(noText)];
  const [first] = found;
  if (first === undefined) return true;
  return first.index >= firstCharacters && found.length <= text.length * maxShare;
}
