import { constants, createPublicKey, verify } from 'node:crypto';
import { bitsOf, type Element, expected, explicitAt, Refusal, readIdentifier, tags } from './der.ts';

interface Scheme {
  readonly key: 'rsa' | 'ec' | 'ed25519';
  /** `null` if the algorithm includes the hash. */
  readonly hash: string | null;
}

/** The algorithms with which Go checks a request's signature: SHA-1 is one of them, MD5 and DSA are not. */
const schemes: ReadonlyMap<string, Scheme> = new Map<string, Scheme>([
  ['2a864886f70d010105', { key: 'rsa', hash: 'sha1' }], // 1.2.840.113549.1.1.5
  ['2b0e03021d', { key: 'rsa', hash: 'sha1' }], // 1.3.14.3.2.29
  ['2a864886f70d01010b', { key: 'rsa', hash: 'sha256' }], // 1.2.840.113549.1.1.11
  ['2a864886f70d01010c', { key: 'rsa', hash: 'sha384' }],
  ['2a864886f70d01010d', { key: 'rsa', hash: 'sha512' }],
  ['2a8648ce3d0401', { key: 'ec', hash: 'sha1' }], // 1.2.840.10045.4.1
  ['2a8648ce3d040302', { key: 'ec', hash: 'sha256' }], // 1.2.840.10045.4.3.2
  ['2a8648ce3d040303', { key: 'ec', hash: 'sha384' }],
  ['2a8648ce3d040304', { key: 'ec', hash: 'sha512' }],
  ['2b6570', { key: 'ed25519', hash: null }], // 1.3.101.112
]);

const pss = '2a864886f70d01010a'; // 1.2.840.113549.1.1.10
const mgf1 = '2a864886f70d010108'; // 1.2.840.113549.1.1.8
/** The salt must be as long as the hash, as in Go. */
const pssHashes: ReadonlyMap<string, PssHash> = new Map([
  ['608648016503040201', { hash: 'sha256', bytes: 32 }], // 2.16.840.1.101.3.4.2.1
  ['608648016503040202', { hash: 'sha384', bytes: 48 }],
  ['608648016503040203', { hash: 'sha512', bytes: 64 }],
]);

/**
 * Checks that the holder of the key signed the request. Returns why the API server would refuse it, or `undefined`.
 * @throws Refusal if a part is not DER
 */
export function signatureRefusal(
  signed: Element,
  keyInfo: Element,
  identifier: Element,
  signature: Element,
): string | undefined {
  const octets = bitsOf(signature);
  const { algorithm, parameters } = readIdentifier(identifier);
  const scheme = algorithm === pss ? undefined : schemes.get(algorithm);
  const pssHash = algorithm === pss && parameters ? pssHashOf(parameters) : undefined;
  // RFC 8410, 3: the parameters of Ed25519 must be absent
  const isIllegal = scheme?.key === 'ed25519' && parameters !== undefined;
  if (isIllegal || (!scheme && !pssHash)) return 'the signature algorithm is unknown to the API server';
  try {
    const key = createPublicKey({ key: Buffer.from(keyInfo.bytes), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== (scheme?.key ?? 'rsa'))
      return 'the algorithms of the signature and the key differ';
    const options = pssHash
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pssHash.bytes }
      : { key };
    const valid = verify(pssHash?.hash ?? scheme?.hash ?? null, signed.bytes, options, octets);
    return valid ? undefined : 'the signature was not made with the key';
  } catch {
    return 'the key or the signature is invalid';
  }
}

interface PssHash {
  readonly hash: string;
  readonly bytes: number;
}

/**
 * RFC 3447, A.2.3: `[0]` the hash, `[1]` MGF1 with the same hash, `[2]` the length of the salt, `[3]` the trailer field. As
 * in Go, the first three have no defaults, and only the default of the last one is known.
 */
function pssHashOf(parameters: Element): PssHash | undefined {
  try {
    const { content } = expected(parameters, tags.sequence);
    let offset = 0;
    const next = (tag: number): Element => {
      const found = explicitAt(content, offset, tag);
      if (!found) throw new Refusal('the PSS parameters lack a field');
      offset = found.end;
      return found.inner;
    };
    const hashId = readIdentifier(next(0xa0));
    const mask = readIdentifier(next(0xa1));
    const maskHashId = mask.parameters && readIdentifier(mask.parameters);
    const { content: salt } = expected(next(0xa2), tags.integer);
    const trailer = offset < content.length ? explicitAt(content, offset, 0xa3)?.inner : undefined;
    const hash = pssHashes.get(hashId.algorithm);
    const isKnown =
      mask.algorithm === mgf1 &&
      maskHashId?.algorithm === hashId.algorithm &&
      isAbsentOrNull(hashId.parameters) &&
      isAbsentOrNull(maskHashId.parameters) &&
      isInteger(salt, hash?.bytes) &&
      (!trailer || isInteger(expected(trailer, tags.integer).content, 1));
    return isKnown ? hash : undefined;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function isAbsentOrNull(parameters: Element | undefined): boolean {
  return !parameters || (parameters.tag === tags.null && parameters.content.length === 0);
}

function isInteger(content: Uint8Array, value: number | undefined): boolean {
  return content.length === 1 && content[0] === value;
}
