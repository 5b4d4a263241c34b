/**
 * The documented limit of salvage, read in the simplest way: a document that was cut off before a value takes the next
 * document for it, and one that was cut off inside a list takes the documents behind it for items.
 */

/** What JSON may have next. */
type Expected = 'value' | 'item or end' | 'key or end' | 'key' | 'colon' | 'comma or end' | 'nothing';

/**
 * Whether a value may begin at `to` in the document that begins at `from`. Words and numbers are not checked.
 * @returns `ends`, if the document also ends, at or behind `to`; `open`, if it does not
 */
export function takesValueAt(text: Buffer, from: number, to: number): 'no' | 'open' | 'ends' {
  const brackets: number[] = [];
  let expected = 'value' as Expected;
  let takes = false;
  const valueEnded = () => {
    expected = brackets.length === 0 ? 'nothing' : 'comma or end';
  };
  for (let at = from; at < text.length; at += 1) {
    const character = String.fromCharCode(text[at] ?? 0);
    if (at === to) {
      if (expected !== 'value' && expected !== 'item or end') return 'no';
      takes = true;
    }
    if (/\s/.test(character)) continue;
    const isValue = expected === 'value' || expected === 'item or end';
    if (character === '{' || character === '[') {
      if (!isValue) break;
      brackets.push(text[at] ?? 0);
      expected = character === '{' ? 'key or end' : 'item or end';
    } else if (character === '}' || character === ']') {
      const opening = brackets.pop();
      const fits = character === '}' ? opening === 0x7b && expected !== 'key' : opening === 0x5b;
      if (!fits || isOpenEnd(expected)) break;
      valueEnded();
      if (brackets.length === 0) return takes ? 'ends' : 'no';
    } else if (character === '"') {
      const end = stringEnd(text, at);
      if (end < 0 || (at < to && end >= to)) break;
      if (isValue) valueEnded();
      else if (expected === 'key' || expected === 'key or end') expected = 'colon';
      else break;
      at = end;
    } else if (character === ',') {
      if (expected !== 'comma or end') break;
      expected = brackets.at(-1) === 0x7b ? 'key' : 'value';
    } else if (character === ':') {
      if (expected !== 'colon') break;
      expected = 'value';
    } else {
      if (!isValue) break;
      while (at + 1 < text.length && !/[\s{}[\],:"]/.test(String.fromCharCode(text[at + 1] ?? 0))) at += 1;
      valueEnded();
    }
  }
  return takes ? 'open' : 'no';
}

function isOpenEnd(expected: Expected): boolean {
  return expected === 'value' || expected === 'colon';
}

/** @returns -1 if the string does not end on its line */
function stringEnd(text: Buffer, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const byte = text[at];
    if (byte === 0x5c) at += 1;
    else if (byte === 0x22) return at;
    else if (byte === 0x0a) return -1;
  }
  return -1;
}
