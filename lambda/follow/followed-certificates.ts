import { Fingerprints } from './fingerprints.ts';
import type { FollowedCertificate } from './followed-certificate.ts';

/** The certificates that are followed, by fingerprint. The first issuance of each counts. */
export class FollowedCertificates {
  readonly fingerprints = new Fingerprints();
  private readonly byFingerprint = new Map<string, FollowedCertificate>();

  constructor(certificates: Iterable<FollowedCertificate> = []) {
    for (const followed of certificates) this.add(followed);
  }

  get size(): number {
    return this.byFingerprint.size;
  }

  get(fingerprint: string): FollowedCertificate | undefined {
    return this.byFingerprint.get(fingerprint);
  }

  /** A later write to the status of the same request contains the same certificate. */
  add(followed: FollowedCertificate): void {
    const { sha256 } = followed.certificate;
    this.fingerprints.add(sha256);
    const known = this.byFingerprint.get(sha256);
    if (known === undefined || isEarlier(followed, known)) this.byFingerprint.set(sha256, followed);
  }

  /** Those among these fingerprints. */
  among(fingerprints: readonly string[]): FollowedCertificate[] {
    return [...new Set(fingerprints)].flatMap((fingerprint) => this.get(fingerprint) ?? []);
  }

  values(): Iterable<FollowedCertificate> {
    return this.byFingerprint.values();
  }
}

function isEarlier({ issuance }: FollowedCertificate, known: FollowedCertificate): boolean {
  const time = Date.parse(issuance.time ?? '');
  return time < Date.parse(known.issuance.time ?? '');
}
