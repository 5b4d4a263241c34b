/**
 * Reads the beginning of a JSON text that was cut off. A log shipper keeps the first bytes of a record and drops the
 * rest, so all that was complete before the cut can be trusted: `{"a":1,"b":{"c":2,"d":[3` holds `a`, and in the open
 * object `b` the member `c`.
 */

/** A container that was open at the cut, from the outermost inward. */
export type OpenContainer =
  | {
      readonly kind: 'object';
      /** The members that were complete before the cut. */
      readonly members: Readonly<Record<string, unknown>>;
      /** The key whose value was cut off; `undefined` when the cut came between members. */
      readonly openKey: string | undefined;
    }
  | { readonly kind: 'list' };

export type JsonHead =
  /** The text ends inside the document. */
  | {
      readonly kind: 'cut';
      readonly open: readonly OpenContainer[];
      /** The decoded part of the string that was cut off, if the cut is inside the value of a string. */
      readonly openText: string | undefined;
    }
  /** A character is not JSON: the document is damaged before its end, or it ends before the text does. */
  | { readonly kind: 'malformed' };

/** No audit event is nested deeper, and a hostile text must not fill the memory with open containers. */
const maxDepth = 1_000;

/** What CloudWatch Logs and EKS write where they dropped the rest. */
const truncationMark = /\s*\[Truncated\.{3}\]\s*$/;

type Expected = 'value' | 'first item' | 'first key' | 'key' | 'colon' | 'next';

interface OpenState {
  readonly isObject: boolean;
  /** Complete members as key and value, both still JSON text. */
  readonly members: [key: string, from: number, to: number][];
  key: string | undefined;
  valueFrom: number;
}

/**
 * @param text - must begin with `{`
 * Time and memory are linear in the text: each byte is read once, and parsed once as part of a complete member.
 */
export function readJsonHead(text: string): JsonHead {
  const end = truncationMark.exec(text.slice(-64));
  return readHead(end ? text.slice(0, text.length - end[0].length) : text);
}

function readHead(text: string): JsonHead {
  const open: OpenState[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    at = skipBlank(text, at);
    if (at >= text.length) return cut(text, open, undefined);
    const top = open.at(-1);
    const character = text[at];
    if (character === '"') {
      const isKey: boolean = expected === 'key' || expected === 'first key';
      if (!isKey && expected !== 'value' && expected !== 'first item') return { kind: 'malformed' };
      const to = stringEnd(text, at);
      if (to === 'malformed') return { kind: 'malformed' };
      if (to === 'cut') return cut(text, open, isKey ? undefined : partialString(text.slice(at + 1)));
      if (isKey && top) {
        top.key = stringOf(text.slice(at, to));
        if (top.key === undefined) return { kind: 'malformed' };
      } else closeValue(top, at, to);
      expected = isKey ? 'colon' : 'next';
      at = to;
    } else if (character === '{' || character === '[') {
      if (expected !== 'value' && expected !== 'first item') return { kind: 'malformed' };
      if (open.length >= maxDepth) return { kind: 'malformed' };
      if (top) top.valueFrom = at;
      const isObject = character === '{';
      open.push({ isObject, members: [], key: undefined, valueFrom: at });
      expected = isObject ? 'first key' : 'first item';
      at += 1;
    } else if (character === '}' || character === ']') {
      const isEmpty = expected === 'first key' || expected === 'first item';
      if (!top || top.isObject !== (character === '}') || (expected !== 'next' && !isEmpty))
        return { kind: 'malformed' };
      open.pop();
      const around = open.at(-1);
      // the document is complete: whatever follows it is not a cut
      if (!around) return { kind: 'malformed' };
      closeValue(around, around.valueFrom, at + 1);
      expected = 'next';
      at += 1;
    } else if (character === ':' && expected === 'colon') {
      expected = 'value';
      at += 1;
    } else if (character === ',' && expected === 'next') {
      expected = top?.isObject ? 'key' : 'value';
      at += 1;
    } else {
      if (expected !== 'value' && expected !== 'first item') return { kind: 'malformed' };
      const to = scalarEnd(text, at);
      // a number or a word at the end of the text may go on after the cut
      if (to === text.length) return cut(text, open, undefined);
      if (to === at || !isScalar(text.slice(at, to))) return { kind: 'malformed' };
      closeValue(top, at, to);
      expected = 'next';
      at = to;
    }
  }
}

function closeValue(top: OpenState | undefined, from: number, to: number): void {
  if (top?.isObject && top.key !== undefined) top.members.push([top.key, from, to]);
  if (top) top.key = undefined;
}

function cut(text: string, open: readonly OpenState[], openText: string | undefined): JsonHead {
  const containers: OpenContainer[] = [];
  for (const { isObject, members, key } of open) {
    if (!isObject) {
      containers.push({ kind: 'list' });
      continue;
    }
    const read = membersOf(text, members);
    if (!read) return { kind: 'malformed' };
    containers.push({ kind: 'object', members: read, openKey: key });
  }
  return { kind: 'cut', open: containers, openText };
}

/** `undefined` if a value is no JSON: its brackets and strings match, but a string holds an invalid escape. */
function membersOf(text: string, members: OpenState['members']): Record<string, unknown> | undefined {
  try {
    return Object.fromEntries(members.map(([key, from, to]) => [key, JSON.parse(text.slice(from, to))]));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return at;
}

/** @returns the offset after the closing quotation mark */
function stringEnd(text: string, from: number): number | 'cut' | 'malformed' {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return 'malformed';
    if (code === 0x5c) at += 1;
  }
  return 'cut';
}

function stringOf(quoted: string): string | undefined {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === 'string' ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Decodes the beginning of a string up to its last complete character. */
function partialString(inner: string): string | undefined {
  return stringOf(`"${inner.slice(0, completeEscapes(inner))}"`);
}

/** The text's length without an escape that the cut went through: `\`, `\u`, `\u00`. */
function completeEscapes(inner: string): number {
  const from = inner.lastIndexOf('\\');
  if (from < 0 || inner.length - from > 5) return inner.length;
  let first = from;
  while (inner[first - 1] === '\\') first -= 1;
  // of an even number of backslashes each pair is one character
  if ((from - first) % 2 === 1) return inner.length;
  return /^\\(?:u[\da-fA-F]{0,3})?$/.test(inner.slice(from)) ? from : inner.length;
}

function scalarEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\w.+-]/.test(text[at] ?? '')) at += 1;
  return at;
}

function isScalar(text: string): boolean {
  return /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(text);
}
