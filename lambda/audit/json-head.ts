import { openingBrace } from '../framing/json-bytes.ts';
import { JsonReader } from '../framing/json-reader.ts';
import { isObject } from '../json/read-json.ts';

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

/** What CloudWatch Logs and EKS write where they dropped the rest. */
const truncationMark = /\s*\[Truncated\.{3}\]\s*$/;
/** The characters of an escape before its last one, as in `\u00e`. */
const openEscapeCharacters = 5;

/**
 * @param text - must begin with `{` or `[`
 * Time and memory are linear in the text: each byte is read once, and parsed once as part of a complete member.
 */
export function readJsonHead(text: string): JsonHead {
  const mark = truncationMark.exec(text.slice(-64));
  const bytes = Buffer.from(mark ? text.slice(0, -mark[0].length) : text);
  const reader = new JsonReader();
  reader.begin();
  // a document that ended is complete: whatever follows it is not a cut
  if (reader.read(bytes, 0).kind !== 'open') return { kind: 'malformed' };
  const openText = reader.isInText
    ? beginningOfString(bytes.toString('utf8', reader.stringAt + 1))
    : undefined;
  const open = openContainers(bytes, reader);
  return open ? { kind: 'cut', open, openText } : { kind: 'malformed' };
}

/** @returns `undefined` if a value is no JSON: its brackets and strings match, but a string holds an invalid escape */
function openContainers(bytes: Buffer, reader: JsonReader): OpenContainer[] | undefined {
  const { keys } = reader;
  const brackets = [...reader.brackets];
  const closing = brackets.map((bracket) => (bracket === openingBrace ? '}' : ']')).reverse();
  // all that was complete before the cut, with the open containers closed there
  let value = parsed(`${bytes.toString('utf8', 0, reader.completeTo)}${closing.join('')}`);
  const containers: OpenContainer[] = [];
  for (const level of brackets.keys()) {
    const isInnermost = level === brackets.length - 1;
    if (Array.isArray(value)) {
      containers.push({ kind: 'list' });
      value = value.at(-1);
      continue;
    }
    const isKeyOpen = !isInnermost || reader.isInMember;
    const key = isKeyOpen
      ? stringOf(bytes.toString('utf8', keys[2 * level], keys[2 * level + 1]))
      : undefined;
    if (!isObject(value) || (isKeyOpen && key === undefined)) return undefined;
    if (key === undefined || isInnermost) containers.push({ kind: 'object', members: value, openKey: key });
    else {
      const { [key]: inner, ...members } = value;
      containers.push({ kind: 'object', members, openKey: key });
      value = inner;
    }
  }
  return containers;
}

/** Decodes the beginning of a string up to its last complete character. */
function beginningOfString(inner: string): string | undefined {
  for (let cut = 0; cut <= openEscapeCharacters; cut += 1) {
    const text = stringOf(`"${inner.slice(0, inner.length - cut)}"`);
    if (text !== undefined) return text;
  }
  return undefined;
}

function stringOf(quoted: string): string | undefined {
  const value = parsed(quoted);
  return typeof value === 'string' ? value : undefined;
}

/** @returns `undefined` if the text is no JSON */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
