const sha256Digits = 64;

/** The digits of other fingerprints that openssl prints. */
const otherFingerprints: Readonly<Record<number, string>> = {
  32: 'MD5',
  40: 'SHA-1',
  96: 'SHA-384',
  128: 'SHA-512',
};

export type ReadFingerprint =
  | { readonly ok: true; readonly fingerprint: string }
  /** `problem` follows the text that was given and a colon. */
  | { readonly ok: false; readonly problem: string };

/**
 * The SHA-256 fingerprint of a certificate as an audit event has it: 64 hexadecimal digits in lower case. The text may be as
 * an event shows it (`X509SHA256=…`), or as openssl does (`sha256 Fingerprint=AB:CD:…`).
 */
export function readFingerprint(text: string): ReadFingerprint {
  const digits = text
    .trim()
    .replace(/^(?:X509SHA256|sha\d* fingerprint)=/i, '')
    .replaceAll(/[:\s]/g, '')
    .toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digits)) return { ok: true, fingerprint: digits };
  const expected = `expected a SHA-256 fingerprint, ${sha256Digits} hexadecimal digits`;
  const [other] = /[^0-9a-f]/.exec(digits) ?? [];
  if (other !== undefined) return { ok: false, problem: `${expected}; got ${JSON.stringify(other)}` };
  const kind = otherFingerprints[digits.length];
  return {
    ok: false,
    problem:
      kind === undefined
        ? `${expected}; got ${digits.length}`
        : `${expected}; this is a ${kind} fingerprint: use openssl x509 -fingerprint -sha256`,
  };
}
