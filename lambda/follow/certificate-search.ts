import type { NextCandidate } from '../framing/prefilter.ts';
import { credentialIdScheme } from './credential-id.ts';
import type { Fingerprints } from './fingerprints.ts';

const scheme = Buffer.from(credentialIdScheme);
const equalsSign = 0x3d;
const backslash = 0x5c;
/** Some writers of JSON escape an equals sign. */
const escapedEqualsSign = 'u003d';

/**
 * Finds, in raw bytes, the next use of one of the certificates: the scheme of a credential id, an equals sign or its JSON
 * escape, and the fingerprint. The bytes are searched once, however many certificates there are: the 64 digits are looked up
 * in the set, which may change between two searches.
 * @param onOther - called at the use of a certificate that is not in the set
 */
export function certificateSearch(fingerprints: Fingerprints, onOther: () => void = () => {}): NextCandidate {
  return (bytes, from) => {
    if (fingerprints.size === 0) return -1;
    for (let at = bytes.indexOf(scheme, from); at >= 0; at = bytes.indexOf(scheme, at + scheme.length)) {
      const digits = afterEqualsSign(bytes, at + scheme.length);
      if (digits === undefined) continue;
      if (fingerprints.isAt(bytes, digits)) return at;
      onOther();
    }
    return -1;
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
