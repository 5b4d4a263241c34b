/** One document as different JSON writers write it, also as JSON inside JSON. */
export function spellings(document: unknown): string[] {
  const plain = JSON.stringify(document);
  const inside = JSON.stringify({ log: JSON.stringify({ message: plain }) });
  const numbers = plain.replaceAll(/:12345\b/g, ':1.2345e4');
  const escapes = plain.replaceAll(/"(?:[^"\\]|\\.)*"/g, (text) =>
    text.replaceAll(/\\u[0-9a-f]{4}|\\.|[a-z]/g, (part) => (part.length > 1 ? part : escaped(part))),
  );
  return [plain, inside, numbers, escapes, JSON.stringify({ log: escapes })];
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
