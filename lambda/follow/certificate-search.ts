import { credentialIdScheme as scheme } from '../audit/credential-id.ts';
import type { CheckedLiteral } from '../framing/prefilter.ts';
import type { Fingerprints } from './fingerprints.ts';

const equalsSign = 0x3d;
const backslash = 0x5c;
/** Some writers of JSON escape an equals sign. */
const escapedEqualsSign = 'u003d';

/**
 * The uses of certificates in raw bytes: the scheme of a credential id, an equals sign or its JSON escape, and the
 * fingerprint of one of the certificates. However many there are, the bytes are searched once: the 64 digits are looked up in
 * the set.
 * @param onOther - called at the use of a certificate that is not in the set
 */
export function certificateSearch(
  fingerprints: Fingerprints,
  onOther: () => void = () => {},
): CheckedLiteral {
  return {
    text: scheme,
    isCandidate(bytes, at) {
      const digits = afterEqualsSign(bytes, at + scheme.length);
      if (digits === undefined) return false;
      if (fingerprints.isAt(bytes, digits)) return true;
      onOther();
      return false;
    },
  };
}

/** JSON inside JSON has several backslashes before the escape. */
function afterEqualsSign(bytes: Buffer, at: number): number | undefined {
  if (bytes[at] === equalsSign) return at + 1;
  let letters = at;
  while (letters - at < maxBackslashes && bytes[letters] === backslash) letters += 1;
  const end = letters + escapedEqualsSign.length;
  const isEscape = letters > at && bytes.toString('latin1', letters, end).toLowerCase() === escapedEqualsSign;
  return isEscape ? end : undefined;
}

/** Each level of nesting doubles them. */
const maxBackslashes = 16;
