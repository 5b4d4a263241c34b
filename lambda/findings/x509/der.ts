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
  null: 0x05,
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
  optional(tag?: number): Element | undefined;
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
      return element && (tag === undefined || element.tag === tag) ? taken(element) : undefined;
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

/**
 * The element inside an explicit tag. As Go's encoding/asn1, which does not read the length of the tag: what follows begins
 * behind the element, and not behind the tag.
 * @returns `undefined` if something else is there
 * @throws Refusal also if nothing follows the header there
 */
export function explicitAt(bytes: Uint8Array, offset: number, tag: number) {
  const { headerBytes, contentBytes } = headerAt(bytes, offset);
  const start = offset + headerBytes;
  if (start === bytes.length) throw new Refusal('the DER ends too early');
  if (bytes[offset] !== tag) return undefined;
  if (contentBytes === 0) throw new Refusal('an explicit tag is empty');
  const inner = elementAt(bytes, start);
  return { inner, end: start + inner.bytes.length };
}

function headerAt(bytes: Uint8Array, offset: number): { headerBytes: number; contentBytes: number } {
  const tagBytes = ((bytes[offset] ?? 0) & longTag) === longTag ? longTagBytes(bytes, offset) : 1;
  const first = bytes[offset + tagBytes];
  if (first === undefined) throw new Refusal('the content is not DER');
  if (first < 0x80) return { headerBytes: tagBytes + 1, contentBytes: first };
  const count = first & 0x7f;
  const octets = bytes.subarray(offset + tagBytes + 1, offset + tagBytes + 1 + count);
  const contentBytes = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  // DER has one form for each length: definite, and in as few octets as possible
  if (
    count === 0 ||
    count > maxLengthBytes ||
    octets.length < count ||
    octets[0] === 0 ||
    contentBytes < 0x80
  )
    throw new Refusal('the content is not DER');
  return { headerBytes: tagBytes + 1 + count, contentBytes };
}

const longTag = 0x1f;
/** As in Go. */
const maxLengthBytes = 4;

/** The octets of an identifier with a tag number above 30: base 128, with the high bit in all but the last octet. */
function longTagBytes(bytes: Uint8Array, offset: number): number {
  const octets = bytes.subarray(offset + 1, offset + 1 + maxTagOctets);
  const last = octets.findIndex((octet) => octet < 0x80);
  const tagNumber = octets.subarray(0, last + 1).reduce((sum, octet) => sum * 128 + (octet & 0x7f), 0);
  if (last < 0 || octets[0] === 0x80 || tagNumber < 31 || tagNumber > maxTagNumber)
    throw new Refusal('the content is not DER');
  return 1 + last + 1;
}

const maxTagNumber = 2 ** 31 - 1;
/** Of a tag number of 31 bits, after the first octet. */
const maxTagOctets = 5;

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

/**
 * An AlgorithmIdentifier. As in Go, the parameters are one element of any type, and what follows it is not read.
 * @throws Refusal
 */
export function readIdentifier(element: Element): {
  readonly algorithm: string;
  readonly parameters: Element | undefined;
} {
  const read = fields(expected(element, tags.sequence));
  return { algorithm: oidOf(read.next(tags.oid)), parameters: read.optional() };
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
