import type { AuditRecord } from '../audit/audit-record.ts';
import type { Finding } from '../findings/finding.ts';
import type { CheckedLiteral } from '../framing/prefilter.ts';
import type { Log } from '../log.ts';
import type { CompiledRule } from '../rules/rule.ts';
import { certificateSearch } from './certificate-search.ts';
import { certificateToFollow, type FollowedCertificate } from './followed-certificate.ts';
import { FollowedCertificates } from './followed-certificates.ts';
import { RequestCounter } from './request-counter.ts';
import { UseGroups } from './use-groups.ts';
import { usedCertificatesOf } from './used-certificate.ts';
import { mostReadCertificates, type WatchList } from './watch-list.ts';

/** The requests that are remembered, so that each is counted once: the stages of one request are near each other. */
const countedRequests = 100_000;

/** Counts for the metrics. */
export interface WatchListCounts {
  readonly CertificatesFollowed: number;
  readonly WatchListFailed?: number;
  readonly WatchListFull?: number;
}

export interface FollowerPorts {
  readonly watchList: WatchList;
  /** The rules about uses of certificates, which are compiled when the first use is found. */
  readonly useRules: () => Promise<readonly CompiledRule[]>;
  /** Whether what is found is stored: a backfill without alerts changes nothing. */
  readonly stores: boolean;
  /** Why the list could not be read. @default - it was read */
  readonly failure?: string | undefined;
  readonly log: Log;
}

/**
 * Follows certificates in one delivery. Uses of the certificates on the watch list are found as the delivery is read. Those
 * of a certificate that the delivery itself issues may be anywhere in it, so it is read once more for them.
 */
export class DeliveryFollower {
  /** Why the delivery has to be returned for retry. */
  readonly failures: string[] = [];
  private failed = 0;
  private full = 0;
  private readonly ports: FollowerPorts;
  private readonly listed: FollowedCertificates;
  private readonly issued = new FollowedCertificates();
  private readonly groups = new UseGroups();
  private readonly requests = new RequestCounter(countedRequests);

  constructor(ports: FollowerPorts) {
    this.ports = ports;
    this.listed = ports.watchList.certificates;
    if (ports.failure !== undefined) this.fail('read', ports.failure);
  }

  /** Finds the records for `use`; nothing if no certificate is on the list. */
  get uses(): CheckedLiteral | undefined {
    return this.listed.size === 0 ? undefined : certificateSearch(this.listed.fingerprints);
  }

  /** Whether the delivery issued a certificate that is now followed. */
  get hasIssued(): boolean {
    return this.issued.size > 0;
  }

  /** Finds the records for `useOfIssued`. */
  get usesOfIssued(): CheckedLiteral {
    return certificateSearch(this.issued.fingerprints);
  }

  get counts(): WatchListCounts {
    const full = this.full + (this.listed.size >= mostReadCertificates ? 1 : 0);
    return {
      CertificatesFollowed: this.ports.watchList.certificates.size,
      ...(this.failed > 0 ? { WatchListFailed: this.failed } : {}),
      ...(full > 0 ? { WatchListFull: full } : {}),
    };
  }

  /** Whether so much was collected that `findings` must be called before the end of the delivery. */
  get isFull(): boolean {
    return this.groups.isFull;
  }

  /** Collects the event if it is a use of a certificate on the list. */
  use(record: AuditRecord): void {
    this.collect(record, this.listed);
  }

  /** The same for the certificates that the delivery issued. */
  useOfIssued(record: AuditRecord): void {
    this.collect(record, this.issued);
  }

  /** Adds the certificate that an event issued to the watch list, if one of the event's findings is about it. */
  async addIssued(findings: readonly Finding[]): Promise<void> {
    const [finding] = findings;
    const followed = finding && certificateToFollow(finding);
    if (!followed) return;
    const { watchList, stores, log } = this.ports;
    const withFinding = { ...followed, issuance: { ...followed.issuance, findingId: finding.id } };
    const { sha256 } = followed.certificate;
    // after a failure the delivery is returned for retry, which adds the others
    const isSkipped = !stores || this.failures.length > 0;
    const added = isSkipped ? ({ kind: 'known' } as const) : await watchList.add(withFinding);
    if (added.kind !== 'removed' && this.listed.get(sha256) === undefined) this.issued.add(withFinding);
    switch (added.kind) {
      case 'added':
      case 'known':
      case 'removed':
        break;
      case 'full':
        this.full += 1;
        log('error', 'the watch list is full: a certificate is not followed', {
          certificate: sha256,
          finding: finding.id,
        });
        break;
      case 'failed':
        this.fail('write', added.reason);
        this.failures.push(`the watch list: ${added.reason}`);
        break;
    }
  }

  /** The findings of the uses that were collected since the last call, one for each client and rule. */
  async findings(): Promise<Finding[]> {
    const groups = this.groups.take();
    if (groups.length === 0) return [];
    const rules = await this.ports.useRules();
    // loaded lazily: most deliveries have no use
    const { useFindings } = await import('./use-findings.ts');
    const found: Finding[] = [];
    for (const { followed, first, uses } of groups) {
      const findings = await useFindings(first, followed, rules);
      found.push(...findings.map((finding) => ({ ...finding, uses })));
      if (findings.length > 0) await this.addFirstUse(followed, first, uses.first);
    }
    return found;
  }

  private collect(record: AuditRecord, certificates: FollowedCertificates): void {
    const used = certificates.among(usedCertificatesOf(record.event));
    const isNew = used.length > 0 && this.requests.isNew(record);
    for (const followed of used) this.groups.add(record, followed, isNew);
  }

  private async addFirstUse(followed: FollowedCertificate, { event }: AuditRecord, time?: string) {
    const { watchList, stores } = this.ports;
    if (!stores || followed.firstUse) return;
    const { firstUseOf } = await import('./first-use.ts');
    const reason = await watchList.addFirstUse(followed.certificate.sha256, firstUseOf(event, time));
    // only a later alert would have named it
    if (reason !== undefined) this.fail('write', reason);
  }

  private fail(access: 'read' | 'write', reason: string): void {
    this.failed += 1;
    this.ports.log('warn', `the watch list failed: ${access}`, { reason });
  }
}
