import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import type { FollowedCertificate } from '../../lambda/follow/followed-certificate.ts';
import { stringAt } from '../../lambda/json/read-json.ts';
import { compare, sortableTime } from '../../lambda/text/sortable-time.ts';
import { type RequestLine, requestLine } from './request-line.ts';

/** The holder of a certificate chooses what to request and how: each list is bounded, and what it lacks is counted. */
const keptTexts = 1_000;
const keptRequests = 200;

/** What an issued certificate was used for, as people read it. Its texts are visible and of bounded length. */
export class CertificateUses {
  readonly followed: FollowedCertificate;
  /** Whether the log has credential ids, so that these are certain. */
  readonly isCertain: boolean;
  count = 0;
  first: string | undefined;
  last: string | undefined;
  readonly addresses = new Map<string, number>();
  readonly userAgents = new Map<string, number>();
  /** By verb and resource. */
  readonly actions = new Map<string, number>();
  readonly sensitive = new Map<string, RequestLine>();
  readonly refused = new Map<string, RequestLine>();
  /** Of the CSRs that were requested with it. */
  readonly requestedCsrs = new Set<string>();
  dropped = 0;
  /** The log was searched only for the fingerprint, and no credential id was seen in it. */
  mayLackUses = false;

  constructor(followed: FollowedCertificate, isCertain: boolean) {
    this.followed = followed;
    this.isCertain = isCertain;
  }

  /** @param isNewRequest - false for another stage of a request that was added */
  add(record: AuditRecord, isNewRequest: boolean): void {
    const line = requestLine(record, []);
    this.keep(line);
    this.addCsr(record);
    if (!isNewRequest) return;
    this.count += 1;
    if (this.first === undefined || compare(sortableTime(line.time), sortableTime(this.first)) < 0)
      this.first = line.time;
    if (this.last === undefined || compare(sortableTime(this.last), sortableTime(line.time)) < 0)
      this.last = line.time;
    count(this.addresses, line.from === '' ? 'no address' : line.from);
    count(this.userAgents, line.userAgent === '' ? 'no user agent' : line.userAgent);
    count(this.actions, `${line.verb} ${line.object.split(' ')[0]}`);
  }

  /** The last stage of a request has the response. */
  private keep(line: RequestLine): void {
    if (line.sensitive !== undefined) this.keepIn(this.sensitive, line);
    if (line.code !== undefined && line.code >= 400) this.keepIn(this.refused, line);
  }

  private keepIn(kept: Map<string, RequestLine>, line: RequestLine): void {
    const known = kept.get(line.key);
    if (known === undefined && kept.size >= keptRequests) this.dropped += 1;
    else if (known === undefined || line.code !== undefined) kept.set(line.key, line);
  }

  private addCsr({ event }: AuditRecord): void {
    const isCreation =
      stringAt(event, 'objectRef', 'resource') === 'certificatesigningrequests' &&
      stringAt(event, 'objectRef', 'subresource') === undefined &&
      ['create', 'patch'].includes(stringAt(event, 'verb') ?? '');
    const name =
      stringAt(event, 'objectRef', 'name') ?? stringAt(event, 'responseObject', 'metadata', 'name');
    if (isCreation && name !== undefined && this.requestedCsrs.size < keptTexts) this.requestedCsrs.add(name);
  }
}

function count(counts: Map<string, number>, text: string): void {
  if (counts.size < keptTexts || counts.has(text)) counts.set(text, (counts.get(text) ?? 0) + 1);
}
