import { closingBrace, comma, isBlank, lf, openingBrace, openingBracket, quote } from './json-bytes.ts';

const key = /^[A-Za-z_@]/;
/** A time as forwarders, kube-apiserver and klog begin a line with. */
const time = /^\n(?:\d{4}-|[IWEF]\d{4} )/;
const timeBytes = 7;
/** An object in a text, as an item of a list of texts. */
const textOpening = Buffer.from('"{\\"');
/** What may be the beginning of an object is kept for the next bytes, unless it is but white space. */
const maxHeldBytes = 1_024;

/**
 * Where an object surely begins, whether or not this is taken for the inside of a string: a brace, a quotation mark and
 * a letter. Inside a string that quotation mark would end it, and no letter may follow.
 * @returns -1 where there is none at or after `from`
 */
export function objectStart(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf('{', from); at >= 0; at = bytes.indexOf('{', at + 1))
    if (beginsObject(bytes, at) === true) return at;
  return -1;
}

/** @param at - of a brace; `undefined` where the bytes end before it can be told */
function beginsObject(bytes: Buffer, at: number): boolean | undefined {
  let next = at + 1;
  while (isBlank(bytes[next])) next += 1;
  if (next + 1 >= bytes.length) return next < bytes.length && bytes[next] !== quote ? false : undefined;
  return bytes[next] === quote && key.test(String.fromCharCode(bytes[next + 1] ?? 0));
}

/** Where to go on after a broken document. */
export type Restart =
  /** An object, or a text with one, which may be a record or a part of the broken one; `apart` where it surely is none. */
  | { readonly kind: 'document'; readonly at: number; readonly apart: boolean }
  /** A line that is no document. */
  | { readonly kind: 'text'; readonly at: number }
  /** An object at the beginning of a line, with which another framing may begin. */
  | { readonly kind: 'anew'; readonly at: number }
  /** Nowhere in these bytes; those from `heldFrom` have to be seen with the next ones. */
  | { readonly kind: 'none'; readonly heldFrom: number };

/** @param last - the last byte before these that was no white space */
export function restart(bytes: Buffer, from: number, last: number | undefined): Restart {
  const { length } = bytes;
  for (let at = from; at < length; at += 1) {
    const byte = bytes[at];
    if (byte === lf) {
      if (time.test(bytes.subarray(at, at + timeBytes).toString('latin1')))
        return { kind: 'text', at: at + 1 };
      if (length - at < timeBytes) return { kind: 'none', heldFrom: at };
    }
    if (byte === quote && followsInList(bytes, at, last)) {
      const start = bytes.subarray(at, at + textOpening.length);
      if (start.equals(textOpening)) return { kind: 'document', at, apart: false };
      if (at + start.length === length && textOpening.indexOf(start) === 0)
        return { kind: 'none', heldFrom: at };
    }
    if (byte !== openingBrace) continue;
    const begins = beginsObject(bytes, at);
    if (begins === undefined && length - at <= maxHeldBytes) return { kind: 'none', heldFrom: at };
    if (!begins) continue;
    const previous = lastBefore(bytes, at) ?? last;
    if (previous !== comma && bytes[at - 1] === lf) return { kind: 'anew', at };
    return { kind: 'document', at, apart: previous === closingBrace };
  }
  return { kind: 'none', heldFrom: length };
}

function followsInList(bytes: Buffer, at: number, last: number | undefined): boolean {
  const previous = lastBefore(bytes, at) ?? last;
  return previous === comma || previous === openingBracket;
}

/** The last byte before `to` that is no white space. */
export function lastBefore(bytes: Buffer, to: number): number | undefined {
  let at = to - 1;
  while (isBlank(bytes[at])) at -= 1;
  return bytes[at];
}
