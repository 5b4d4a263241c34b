import { type Element, elementAt, elements, expected, fields, oidOf, Refusal, tags } from './der.ts';

/** Subject alternative names of the types that Go reads. */
export interface AlternativeNames {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
}

export const noAlternativeNames: AlternativeNames = {
  dnsNames: [],
  ipAddresses: [],
  emailAddresses: [],
  uris: [],
};

const subjectAltName = '551d11'; // 2.5.29.17

/**
 * The names in a SEQUENCE of extensions.
 * @throws Refusal
 */
export function namesInExtensions(extensions: Element): AlternativeNames {
  const seen = new Set<string>();
  let names = noAlternativeNames;
  for (const extension of elements(expected(extensions, tags.sequence).content)) {
    const read = fields(expected(extension, tags.sequence));
    const id = oidOf(read.next(tags.oid));
    read.optional(tags.boolean);
    const value = read.next(tags.octetString);
    if (seen.has(id)) throw new Refusal('an extension is requested twice');
    seen.add(id);
    if (id === subjectAltName) names = readNames(value.content);
  }
  return names;
}

function readNames(value: Uint8Array): AlternativeNames {
  const dnsNames: string[] = [];
  const ipAddresses: string[] = [];
  const emailAddresses: string[] = [];
  const uris: string[] = [];
  if (value.length === 0) throw new Refusal('the alternative names are not DER');
  for (const { tag, content } of elements(expected(elementAt(value, 0), tags.sequence).content)) {
    if (tag === 0x81) emailAddresses.push(ascii(content));
    if (tag === 0x82) dnsNames.push(ascii(content));
    if (tag === 0x86) uris.push(ascii(content));
    if (tag === 0x87) ipAddresses.push(address(content));
  }
  return { dnsNames, ipAddresses, emailAddresses, uris };
}

function ascii(content: Uint8Array): string {
  const text = Buffer.from(content).toString('latin1');
  if (!/^[\x00-\x7f]*$/.test(text)) throw new Refusal('an alternative name is not ASCII');
  return text;
}

function address(content: Uint8Array): string {
  if (content.length === 4) return content.join('.');
  if (content.length !== 16) throw new Refusal(`an IP address has ${content.length} bytes`);
  const isMapped =
    content.subarray(0, 10).every((octet) => octet === 0) && content[10] === 255 && content[11] === 255;
  if (isMapped) return content.subarray(12).join('.');
  const groups = Buffer.from(content).toString('hex').match(/.{4}/g) ?? [];
  // the host of a URL is normalized to the shortest form
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
