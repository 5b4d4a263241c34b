/** One document as Go's encoder writes it, with the JSON in which forwarders put it. No letter is escaped. */
export function canonicalSpellings(document: unknown): string[] {
  const plain = goJson(document);
  return [plain, goJson({ log: plain }), goJson({ log: goJson({ message: plain }) })];
}

/** One document as canonicalSpellings writes it, and as other JSON writers may write it: with escaped letters, say. */
export function spellings(document: unknown): string[] {
  const plain = JSON.stringify(document);
  const numbers = plain.replaceAll(/:12345\b/g, ':1.2345e4');
  const escapes = plain.replaceAll(/"(?:[^"\\]|\\.)*"/g, (text) =>
    text.replaceAll(/\\u[0-9a-f]{4}|\\.|[A-Za-z]/g, (part) => (part.length > 1 ? part : escaped(part))),
  );
  const ascii = plain.replaceAll(/[\u0080-\uffff]/g, escaped);
  return [...canonicalSpellings(document), plain, numbers, ascii, escapes, JSON.stringify({ log: escapes })];
}

/** Go's encoder also escapes what HTML and JavaScript would misread. */
function goJson(document: unknown): string {
  return JSON.stringify(document).replaceAll(/[<>&\u2028\u2029]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
