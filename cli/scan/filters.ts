import { isCsr } from '../../lambda/findings/csr-resource.ts';
import { type Finding, type Severity, severities } from '../../lambda/findings/finding.ts';

/** What narrows the findings of the rules; the rules stay as they are. */
export interface Filters {
  /** ms since the epoch. */
  readonly sinceMs?: number | undefined;
  /** ms since the epoch: the first moment after the window. */
  readonly untilMs?: number | undefined;
  readonly minSeverity?: Severity | undefined;
  /** A user name, also an impersonated one, or an IAM identity of the user. */
  readonly actor?: string | undefined;
  /** The name or the uid of a CSR. */
  readonly csr?: string | undefined;
  /** The SHA-256 fingerprint of a certificate: 64 hexadecimal digits, lower case. */
  readonly certificate?: string | undefined;
}

/** Whether the log's time is in the window. An event without a readable time is in every window. */
export function isInWindow(time: string | undefined, { sinceMs, untilMs }: Filters): boolean {
  if (sinceMs === undefined && untilMs === undefined) return true;
  const timeMs = Date.parse(time ?? '');
  if (Number.isNaN(timeMs)) return true;
  return (sinceMs === undefined || timeMs >= sinceMs) && (untilMs === undefined || timeMs < untilMs);
}

/** What an event contains of the people and certificates that the filters name. */
export interface Mentions {
  readonly actor: boolean;
  /** The user authenticated with the certificate. */
  readonly certificate: boolean;
}

export function isWanted(finding: Finding, filters: Filters, mentions: Mentions): boolean {
  const { minSeverity, actor, csr, certificate } = filters;
  const { name, uid } = finding.request;
  return (
    isInWindow(finding.time, filters) &&
    (minSeverity === undefined || severities.indexOf(finding.severity) >= severities.indexOf(minSeverity)) &&
    (actor === undefined || mentions.actor) &&
    (csr === undefined || (isCsr(finding) && (name === csr || uid === csr))) &&
    (certificate === undefined || mentions.certificate || finding.certificate?.sha256 === certificate)
  );
}
