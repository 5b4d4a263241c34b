import type { AuditRecord } from '../../../lambda/audit/audit-record.ts';
import type { Finding } from '../../../lambda/findings/finding.ts';
import { certificateSearch } from '../../../lambda/follow/certificate-search.ts';
import type { Follow } from '../../../lambda/follow/follow.ts';
import type { FollowedCertificate } from '../../../lambda/follow/followed-certificate.ts';
import { FollowedCertificates } from '../../../lambda/follow/followed-certificates.ts';
import { RequestCounter } from '../../../lambda/follow/request-counter.ts';
import { UseGroups } from '../../../lambda/follow/use-groups.ts';
import { usedCertificatesOf } from '../../../lambda/follow/used-certificate.ts';
import { CertificateUses } from '../../report/certificate-uses.ts';
import { possibleUses } from './possible-uses.ts';
import type { SecondScan } from './second-scan.ts';

/** What became of the followed certificates. */
export interface Followed {
  /** What each was used for, including those without a use. */
  readonly certificates: readonly CertificateUses[];
  /** Inputs that could not be read again. */
  readonly faults: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Follows the certificates that a scan sees being issued. A certificate may be used in another input, or earlier in the log
 * than its issuance, so the inputs are read once more, if a certificate was issued, at the speed of the prefilter.
 */
export class CertificateFollower {
  private readonly issued = new FollowedCertificates();
  private readonly follow: Follow;

  constructor(follow: Follow) {
    this.follow = follow;
  }

  /** A certificate that the first reading found. */
  add(followed: FollowedCertificate): void {
    this.issued.add(followed);
  }

  /**
   * @param isForPeople - also looks for possible uses in a log without credential ids
   * @param onFinding - called with the record of the first use in each group
   */
  async readAgain(
    inputs: readonly SecondScan[],
    isForPeople: boolean,
    onFinding: (finding: Finding, record: AuditRecord) => Promise<void>,
  ): Promise<Followed> {
    if (this.issued.size === 0) return { certificates: [], faults: [] };
    const issued = [...this.issued.values()];
    const possible = possibleUses(isForPeople ? issued : []);
    const requests = new RequestCounter();
    const groups = new UseGroups();
    const certain = new Map(issued.map((one) => [one, new CertificateUses(one, true)]));
    const uncertain = new Map(issued.map((one) => [one, new CertificateUses(one, false)]));
    const report = async () => {
      for (const { followed, first, uses } of groups.take()) {
        for (const finding of await this.follow.use(first, followed))
          await onFinding({ ...finding, uses }, first);
      }
    };
    const onRecord = (record: AuditRecord): Promise<void> | undefined => {
      const used = this.issued.among(usedCertificatesOf(record.event));
      const others = used.length > 0 ? [] : possible.certificatesFor(record);
      if (used.length === 0 && others.length === 0) return undefined;
      const isNew = requests.isNew(record);
      for (const other of others) uncertain.get(other)?.add(record, isNew);
      for (const followed of used) {
        groups.add(record, followed, isNew);
        certain.get(followed)?.add(record, isNew);
      }
      return groups.isFull ? report() : undefined;
    };
    let hasCredentialIds = false;
    const checked = certificateSearch(this.issued.fingerprints, () => {
      hasCredentialIds = true;
    });
    const { literals } = possible;
    const faults: { path: string; reason: string }[] = [];
    const fingerprints = issued.map(({ certificate }) => certificate.sha256);
    let isByFingerprintOnly = false;
    for (const { path, findsPossibleUses, scan } of inputs) {
      isByFingerprintOnly ||= !findsPossibleUses;
      const options = { literals: findsPossibleUses ? literals : [], checked, onRecord };
      const reason = await scan(fingerprints, options);
      if (reason !== undefined) faults.push({ path, reason });
    }
    await report();
    hasCredentialIds ||= [...certain.values()].some(({ count }) => count > 0);
    const used = issued.map((one) => {
      const possible = hasCredentialIds ? undefined : uncertain.get(one);
      return possible && possible.count > 0 ? possible : certain.get(one);
    });
    const certificates = used.filter((uses) => uses !== undefined);
    for (const uses of certificates) uses.mayLackUses = isByFingerprintOnly && !hasCredentialIds;
    return { certificates, faults };
  }
}
