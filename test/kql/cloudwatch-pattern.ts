/**
 * Whether CloudWatch Logs delivers a log event, by the narrowest reading of its documentation: a term is a whole word,
 * between separators that certainly end one; a regular expression matches anywhere. Both are case-sensitive.
 */
export function deliveredBy(pattern: string, text: string): boolean {
  if (pattern === '') return true;
  if (/^%[^%]+%$/.test(pattern)) return new RegExp(pattern.slice(1, -1)).test(text);
  if (/^"[^"]+"$/.test(pattern)) return hasTerm(text, pattern.slice(1, -1));
  if (!/^\?"[^"]+"(?: \?"[^"]+")+$/.test(pattern))
    throw new Error(`neither terms nor an expression: ${pattern}`);
  return [...pattern.matchAll(/\?"([^"]+)"/g)].some(([, term = '']) => hasTerm(text, term));
}

const separators: readonly (string | undefined)[] = ['"', '/', '\\', ' ', undefined];

function hasTerm(text: string, term: string): boolean {
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
    if (separators.includes(text[at - 1]) && separators.includes(text[at + term.length])) return true;
  }
  return false;
}
