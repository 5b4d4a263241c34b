import { quoted } from '../../text/quoted-text.ts';
import type { Subject } from '../finding.ts';
import { type AlternativeNames, namesInExtensions, noAlternativeNames } from './alternative-names.ts';
import { type Element, elementAt, elements, expected, fields, oidOf, Refusal, tags } from './der.ts';
import { type DistinguishedName, readName } from './distinguished-name.ts';
import { decodedBase64, type PemBlock, pemBlocks } from './pem.ts';
import { keyDigestOf, type PublicKey, readKey } from './public-key.ts';
import { signatureRefusal } from './signature.ts';

/** The content of a `spec.request`, as far as it could be read. */
export interface RequestReading {
  readonly subject?: Subject;
  /** All of them; the subject contains only the last one, which takes effect. */
  readonly commonNames?: readonly string[];
  readonly key?: PublicKey;
  /** Equal to the digest of a certificate with the same key. */
  readonly keyDigest?: string;
  /** Why it could not be read to its end, or why the API server would refuse it. */
  readonly parseError?: string;
}

/** No request is longer: the API server accepts bodies of 3 MiB (MaxRequestBodyBytes of apiserver's configuration). */
const maxRequestCharacters = 3 * 2 ** 20;

/**
 * Reads `spec.request`, base64 of PEM of base64 of DER, as the API server does (Go's encoding/pem and
 * x509.ParseCertificateRequest, then CheckSignature). If one part is refused, the others are still read.
 */
export function readRequest(request: string): RequestReading {
  if (request.length > maxRequestCharacters)
    return { parseError: `the request is too long: ${request.length} characters` };
  const pem = decodedBase64(request);
  if (!pem) return { parseError: 'the request is not base64' };
  const [block] = pemBlocks(Buffer.from(pem).toString('latin1'));
  if (!block) return { parseError: 'no PEM block of the request decodes' };
  return readBlock(block);
}

function readBlock({ label, bytes }: PemBlock): RequestReading {
  const refusals: string[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusals.push(error.message);
      return undefined;
    }
  };
  if (label !== 'CERTIFICATE REQUEST') refusals.push(`the PEM block is labeled ${quoted(label, 64)}`);
  const parts = attempt(() => partsOf(bytes));
  if (parts?.trailing) refusals.push('bytes follow the DER');
  const info = parts && attempt(() => fields(expected(parts.info, tags.sequence)));
  const subjectField =
    info &&
    attempt(() => {
      info.next(tags.integer);
      return info.next();
    });
  const keyInfo = subjectField && attempt(() => info.next(tags.sequence));
  const name = subjectField && attempt(() => readName(subjectField));
  const found = keyInfo && attempt(() => readKey(keyInfo));
  const keyDigest = keyInfo && keyDigestOf(keyInfo);
  if (found?.refusal) refusals.push(found.refusal);
  const names = keyInfo && attempt(() => requestedNames(info.next(tags.context0)));
  const signature = keyInfo && !found?.refusal && attempt(() => parts.signatureRefusal(keyInfo));
  if (signature) refusals.push(signature);
  return {
    ...(name ? { subject: subjectOf(name, names ?? noAlternativeNames), commonNames: name.commonNames } : {}),
    ...(found ? { key: found.key } : {}),
    ...(keyDigest === undefined ? {} : { keyDigest }),
    ...(refusals.length > 0 ? { parseError: refusals.join('; ') } : {}),
  };
}

function partsOf(bytes: Uint8Array) {
  if (bytes.length === 0) throw new Refusal('the PEM block is empty');
  const whole = elementAt(bytes, 0);
  const read = fields(expected(whole, tags.sequence));
  const info = read.next();
  return {
    info,
    trailing: whole.bytes.length < bytes.length,
    signatureRefusal: (keyInfo: Element) =>
      signatureRefusal(info, keyInfo, read.next(tags.sequence), read.next(tags.bitString)),
  };
}

const extensionRequest = '2a864886f70d01090e'; // 1.2.840.113549.1.9.14

/** @param attributes - `[0]`, a SET of attributes; a malformed one is skipped */
function requestedNames(attributes: Element): AlternativeNames {
  let names = noAlternativeNames;
  for (const attribute of elements(attributes.content)) {
    const extensions = requestedExtensions(attribute);
    if (extensions) names = namesInExtensions(extensions);
  }
  return names;
}

function requestedExtensions(attribute: Element): Element | undefined {
  try {
    const read = fields(expected(attribute, tags.sequence));
    if (oidOf(read.next(tags.oid)) !== extensionRequest) return undefined;
    const [first] = [...elements(read.next(tags.set).content)];
    return first;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

export function subjectOf(name: DistinguishedName, names: AlternativeNames): Subject {
  return { commonName: name.commonNames.at(-1) ?? null, organizations: name.organizations, ...names };
}
