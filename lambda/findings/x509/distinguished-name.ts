import { type Element, elements, expected, fields, oidOf, Refusal, tags } from './der.ts';

/** The parts of a distinguished name that Kubernetes uses. */
export interface DistinguishedName {
  /** Every CN in order. The last one is the user name, even if it is empty. */
  readonly commonNames: readonly string[];
  /** Every O in order, of one RDN or several: the groups. */
  readonly organizations: readonly string[];
}

const commonName = '550403'; // 2.5.4.3
const organization = '55040a'; // 2.5.4.10

/** @throws Refusal */
export function readName(name: Element): DistinguishedName {
  const commonNames: string[] = [];
  const organizations: string[] = [];
  for (const rdn of elements(expected(name, tags.sequence).content)) {
    for (const attribute of elements(expected(rdn, tags.set).content)) {
      const read = fields(expected(attribute, tags.sequence));
      const type = oidOf(read.next(tags.oid));
      const value = stringOf(read.next());
      if (value === undefined) continue;
      if (type === commonName) commonNames.push(value);
      if (type === organization) organizations.push(value);
    }
  }
  return { commonNames, organizations };
}

/**
 * The text of a string type that Go reads; `undefined` for another type, which Go skips.
 * @throws Refusal if the type does not allow a character
 */
function stringOf({ tag, content }: Element): string | undefined {
  switch (tag) {
    case tags.utf8String:
      return utf8(content);
    case tags.printableString:
      return restricted(content, /^[A-Za-z0-9 '()+,\-./:=?*&]*$/);
    case tags.numericString:
      return restricted(content, /^[0-9 ]*$/);
    case tags.ia5String:
      return restricted(content, /^[\x00-\x7f]*$/);
    case tags.t61String:
      // in practice T.61 strings contain Latin-1, which is how Go reads them
      return Buffer.from(content).toString('latin1');
    case tags.bmpString:
      return bmp(content);
    default:
      return undefined;
  }
}

function utf8(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new Refusal('a string of the subject is not UTF-8');
  }
}

function restricted(content: Uint8Array, allowed: RegExp): string {
  const text = Buffer.from(content).toString('latin1');
  if (!allowed.test(text))
    throw new Refusal('a string of the subject has a character that its type does not allow');
  return text;
}

/** Two octets per character, no surrogates or noncharacters; one NUL at the end is a terminator. */
function bmp(content: Uint8Array): string {
  const text = content.length % 2 === 0 ? Buffer.from(content).swap16().toString('utf16le') : undefined;
  const ended = text?.endsWith('\0') ? text.slice(0, -1) : text;
  if (ended === undefined || /[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/.test(ended)) {
    throw new Refusal('a BMPString of the subject is invalid');
  }
  return ended;
}
