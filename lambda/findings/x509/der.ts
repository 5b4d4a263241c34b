import { BaseBlock } from 'asn1js';

/** Why the API server would refuse the input. Thrown only inside this folder, which returns values. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** One element of DER. Only its identifier and its length have been read. */
export interface Element {
  /** The first identifier octet: class, form and, below 31, the tag number. */
  readonly tag: number;
  readonly content: Uint8Array;
  /** The content with its header. */
  readonly bytes: Uint8Array;
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
  /** `[0]`, constructed. */
  context0: 0xa0,
} as const;

/**
 * The elements of some bytes, read lazily. The API server's parser does not look into an element that it does not need,
 * so this must not either: otherwise a malformed byte in such an element would hide the subject.
 * @throws Refusal at an element that is not DER or longer than the bytes
 */
export function* elements(bytes: Uint8Array): Generator<Element, void> {
  for (let offset = 0; offset < bytes.length; ) {
    const element = elementAt(bytes, offset);
    yield element;
    offset += element.bytes.length;
  }
}

/** The elements of a SEQUENCE, read on demand. As in Go, elements after the last requested one are not read. */
export function fields(sequence: Element): {
  next(tag?: number): Element;
  optional(tag: number): Element | undefined;
} {
  let offset = 0;
  const peek = () => (offset < sequence.content.length ? elementAt(sequence.content, offset) : undefined);
  const taken = (element: Element): Element => {
    offset += element.bytes.length;
    return element;
  };
  return {
    next(tag) {
      const element = peek();
      if (!element) throw new Refusal('the DER ends too early');
      return taken(expected(element, tag));
    },
    optional(tag) {
      const element = peek();
      return element?.tag === tag ? taken(element) : undefined;
    },
  };
}

/** @throws Refusal if the element has another tag */
export function expected(element: Element, tag: number | undefined): Element {
  if (tag === undefined || element.tag === tag) return element;
  throw new Refusal(`the DER has tag ${hexOctet(element.tag)} where ${hexOctet(tag)} belongs`);
}

/** The element at an offset, however many bytes follow. */
export function elementAt(bytes: Uint8Array, offset: number): Element {
  const { headerBytes, contentBytes } = headerAt(bytes, offset);
  const start = offset + headerBytes;
  const end = start + contentBytes;
  if (end > bytes.length) throw new Refusal('the DER ends too early');
  return { tag: bytes[offset] ?? 0, content: bytes.subarray(start, end), bytes: bytes.subarray(offset, end) };
}

function headerAt(bytes: Uint8Array, offset: number): { headerBytes: number; contentBytes: number } {
  const first = bytes[offset] ?? 0;
  const second = bytes[offset + 1] ?? 0x80;
  // fast path for one octet each: a hostile request has half a million of them
  if ((first & longTag) !== longTag && second < 0x80) return { headerBytes: 2, contentBytes: second };
  const header = Uint8Array.from(bytes.subarray(offset, offset + maxHeaderBytes));
  // asn1js checks the form against the tag; Go checks it against what it expects here
  header[0] = first & ~constructed;
  const block = new BaseBlock();
  const afterTag = block.idBlock.fromBER(header, 0, header.length);
  const afterLength = afterTag < 0 ? -1 : block.lenBlock.fromBER(header, afterTag, header.length - afterTag);
  const { isIndefiniteForm, length, warnings } = block.lenBlock;
  const isMinimal = afterTag === 1 || isMinimalTag(header, block.idBlock.tagNumber);
  // DER has one form for each length; asn1js warns about the others
  if (afterLength < 0 || isIndefiniteForm || warnings.length > 0 || !isMinimal) {
    throw new Refusal('the content is not DER');
  }
  return { headerBytes: afterLength, contentBytes: length };
}

const longTag = 0x1f;
const constructed = 0x20;
/** A tag number of 31 bits takes five octets after the first, a length of 64 bits nine. */
const maxHeaderBytes = 15;

function isMinimalTag(header: Uint8Array, tagNumber: number): boolean {
  return header[1] !== 0x80 && tagNumber >= 31 && tagNumber < 2 ** 31;
}

/** The content of an OBJECT IDENTIFIER in hexadecimal: identifiers are compared, never shown. */
export function oidOf(element: Element): string {
  const { content } = expected(element, tags.oid);
  let atArc = true;
  for (const octet of content) {
    if (atArc && octet === 0x80) throw new Refusal('an object identifier is not DER');
    atArc = octet < 0x80;
  }
  if (content.length === 0 || !atArc) throw new Refusal('an object identifier is not DER');
  return Buffer.from(content).toString('hex');
}

/** The bits of a BIT STRING as octets, shifted to the right if their number is not a multiple of eight. */
export function bitsOf(element: Element): Uint8Array {
  const { content } = expected(element, tags.bitString);
  const unused = content[0] ?? 8;
  const octets = content.subarray(1);
  const last = octets.at(-1) ?? 0;
  if (unused > 7 || (octets.length === 0 && unused > 0) || (last & ((1 << unused) - 1)) !== 0) {
    throw new Refusal('a bit string is not DER');
  }
  if (unused === 0) return octets;
  return Uint8Array.from(
    octets,
    (octet, index) => ((octets[index - 1] ?? 0) << (8 - unused)) | (octet >> unused),
  );
}

function hexOctet(octet: number): string {
  return `0x${octet.toString(16).padStart(2, '0')}`;
}
