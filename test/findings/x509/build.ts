import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** An element of DER with any content, well-formed or not. */
export function der(tag: number, ...contents: readonly (Uint8Array | string)[]): Buffer {
  const content = Buffer.concat(contents.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(content.length)]), content]);
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets = (length.toString(16).length % 2 ? '0' : '') + length.toString(16);
  return [0x80 | (octets.length / 2), ...Buffer.from(octets, 'hex')];
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(arc: number): number[] {
  const octets = [arc & 0x7f];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
    octets.unshift((left & 0x7f) | 0x80);
  return octets;
}

export const utf8 = (text: string) => der(0x0c, text);
export const printable = (text: string) => der(0x13, text);
export const t61 = (text: string) => der(0x14, Buffer.from(text, 'latin1'));
export const ia5 = (text: string) => der(0x16, text);
export const bmp = (text: string) => der(0x1e, Buffer.from(text, 'utf16le').swap16());

export const cn = (value: Uint8Array) => der(0x30, oid('2.5.4.3'), value);
export const o = (value: Uint8Array) => der(0x30, oid('2.5.4.10'), value);
/** A distinguished name of RDNs with one or more attributes each. */
export const name = (...rdns: readonly (readonly Uint8Array[])[]) =>
  der(0x30, ...rdns.map((attributes) => der(0x31, ...attributes)));

export const attribute = (type: string, ...values: readonly Uint8Array[]) =>
  der(0x30, oid(type), der(0x31, ...values));
export const alternativeNames = (...names: readonly Uint8Array[]) =>
  der(0x30, oid('2.5.29.17'), der(0x04, der(0x30, ...names)));
export const extensionRequest = (...extensions: readonly Uint8Array[]) =>
  attribute('1.2.840.113549.1.9.14', der(0x30, ...extensions));

const key: KeyObject = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ecdsaWithSha256 = der(0x30, oid('1.2.840.10045.4.3.2'));

export interface Parts {
  readonly subject?: Uint8Array;
  readonly keyInfo?: Uint8Array;
  /** Of the SET of attributes. */
  readonly attributes?: readonly Uint8Array[];
  readonly algorithm?: Uint8Array;
}

/** The DER of a request that is signed with a test key. */
export function requestDer({
  subject = name([cn(utf8('bob'))]),
  attributes = [],
  ...parts
}: Parts = {}): Buffer {
  const keyInfo = parts.keyInfo ?? createPublicKey(key).export({ format: 'der', type: 'spki' });
  const info = der(0x30, der(0x02, '\0'), subject, keyInfo, der(0xa0, ...attributes));
  return der(0x30, info, parts.algorithm ?? ecdsaWithSha256, der(0x03, '\0', sign('sha256', info, key)));
}

export function pem(bytes: Uint8Array, label = 'CERTIFICATE REQUEST'): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** PEM encoded as `spec.request` or `status.certificate`. */
export const encoded = (text: string | Uint8Array) => Buffer.from(text).toString('base64');

/** `spec.request` composed of the parts of a request. */
export const request = (parts?: Parts) => encoded(pem(requestDer(parts)));
