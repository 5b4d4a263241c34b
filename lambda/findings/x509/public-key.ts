import { createHash } from 'node:crypto';
import {
  bitsOf,
  type Element,
  elementAt,
  expected,
  fields,
  oidOf,
  Refusal,
  readIdentifier,
  tags,
} from './der.ts';

/** The properties of a public key that an alert shows. */
export interface PublicKey {
  /** `RSA`, `ECDSA`, `Ed25519`, `DSA`, or `unknown`. */
  readonly algorithm: string;
  readonly bits?: number;
}

const algorithms: ReadonlyMap<string, string> = new Map([
  ['2a864886f70d010101', 'RSA'], // 1.2.840.113549.1.1.1
  ['2a8648ce3d0201', 'ECDSA'], // 1.2.840.10045.2.1
  ['2b6570', 'Ed25519'], // 1.3.101.112
  ['2a8648ce380401', 'DSA'], // 1.2.840.10040.4.1
]);

/** The curves that Go knows. */
const curveBits: ReadonlyMap<string, number> = new Map([
  ['2b81040021', 224], // P-224, 1.3.132.0.33
  ['2a8648ce3d030107', 256], // P-256, 1.2.840.10045.3.1.7
  ['2b81040022', 384], // P-384, 1.3.132.0.34
  ['2b81040023', 521], // P-521, 1.3.132.0.35
]);

/**
 * The key of a SubjectPublicKeyInfo, and why the API server would refuse it, if it would.
 * @throws Refusal if it is not DER
 */
export function readKey(info: Element): { readonly key: PublicKey; readonly refusal?: string } {
  const read = fields(expected(info, tags.sequence));
  const identifier = readIdentifier(read.next(tags.sequence));
  const algorithm = algorithms.get(identifier.algorithm) ?? 'unknown';
  const bits = bitsOf(read.next(tags.bitString));
  switch (algorithm) {
    case 'RSA':
      return { key: { algorithm, bits: modulusBits(bits) } };
    case 'ECDSA': {
      if (!identifier.parameters) throw new Refusal('the DER ends too early');
      const size = curveBits.get(oidOf(identifier.parameters));
      if (size === undefined)
        return { key: { algorithm }, refusal: 'the elliptic curve is unknown to the API server' };
      return { key: { algorithm, bits: size } };
    }
    case 'Ed25519':
      return { key: { algorithm, bits: 256 } };
    default:
      return { key: { algorithm }, refusal: 'the algorithm of the key is unknown to the API server' };
  }
}

/**
 * A digest over the key itself, without its algorithm, whose encoding a signer may change. Two keys are the same if their
 * digests are; `undefined` if the key cannot be read.
 */
export function keyDigestOf(info: Element): string | undefined {
  try {
    const read = fields(expected(info, tags.sequence));
    read.next(tags.sequence); // algorithm
    return createHash('sha256')
      .update(bitsOf(read.next(tags.bitString)))
      .digest('hex');
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function modulusBits(key: Uint8Array): number {
  if (key.length === 0) throw new Refusal('the RSA key is not DER');
  const { content } = fields(expected(elementAt(key, 0), tags.sequence)).next(tags.integer);
  const [first = 0] = content;
  if (first >= 0x80) throw new Refusal('the RSA modulus is negative');
  const significant = Buffer.from(content).toString('hex').replace(/^0+/, '');
  if (significant === '') throw new Refusal('the RSA modulus is zero');
  return (significant.length - 1) * 4 + Number.parseInt(significant.charAt(0), 16).toString(2).length;
}
