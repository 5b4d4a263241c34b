import type { SentBefore } from '../dedup/deduplication.ts';
import { isEksAttempt, suspectOf } from '../findings/certificate-use.ts';
import type { Finding } from '../findings/finding.ts';
import { ranksOf } from '../findings/gravity.ts';
import { isCanary } from '../findings/is-canary.ts';
import { eventKey } from './alert.ts';

/** The findings of one event on a human channel: the most severe one leads, the others only name their rules. */
export interface EventFindings {
  readonly leading: Finding;
  /** The findings of other rules. */
  readonly others: readonly Finding[];
  /** Set if an alert about this event was sent that described it as less serious. */
  readonly before?: SentBefore;
}

/** Events of one rule, cluster and actor that arrived together; usually only one. */
export interface Burst {
  /** The most serious one, which the alert describes. */
  readonly lead: EventFindings;
  /** All of them, including `lead`, in the order of the log. */
  readonly events: readonly EventFindings[];
}

/**
 * Groups findings for the human channels, which receive one alert per burst.
 * @param sentBefore - by `eventKey`
 */
export function burstsOf(
  findings: readonly Finding[],
  sentBefore: ReadonlyMap<string, SentBefore> = new Map(),
): Burst[] {
  const bursts = new Map<string, EventFindings[]>();
  for (const found of eventFindings(findings)) {
    const before = sentBefore.get(eventKey(found.leading));
    const event = before ? { ...found, before } : found;
    const key = incidentKey(event.leading);
    const events = bursts.get(key);
    if (events) events.push(event);
    else bursts.set(key, [event]);
  }
  return [...bursts.values()].flatMap((events) => {
    const [first, ...rest] = events;
    return first ? [{ lead: rest.reduce(worse, first), events }] : [];
  });
}

/**
 * What belongs together: rule, cluster and actor, and for a use the certificate. The actor is the one to contain: the cluster's controller signs the
 * requests of everyone. A canary never shares an alert with other events.
 */
function incidentKey(finding: Finding): string {
  const { rule, cluster, actor } = finding;
  // a proxy acts for many people
  const as = actor.impersonated ? [{ as: actor.impersonated.name }] : [];
  const test = isCanary(finding) ? ['test'] : [];
  const used = usedCertificate(finding);
  return JSON.stringify([rule.id, cluster, suspectOf(finding), ...as, ...used, ...test]);
}

/** Of a finding about the use of a certificate. */
function usedCertificate({ issuance, certificate }: Finding): { certificate: string }[] {
  return issuance && certificate ? [{ certificate: certificate.sha256 }] : [];
}

/** The same as twelve hexadecimal digits, for names that must be short or must not contain an attacker's text. */
export function incidentId(finding: Finding): string {
  return digest(incidentKey(finding)).slice(0, 12);
}

/**
 * What identifies the storms that an alert belongs to: those of its actor, and those of its rule and cluster. The first use of
 * a certificate by another client is no storm.
 * @param isKnownClient - the events are uses of a certificate by clients that were alerted before
 */
export function stormIds(
  { lead }: Burst,
  isKnownClient = false,
): { readonly actor: string; readonly group: string } {
  const { rule, cluster, actor, issuance } = lead.leading;
  const client = issuance && !isKnownClient ? JSON.stringify([actor.sourceIPs, actor.userAgent]) : '';
  return {
    actor: digest(`${incidentKey(lead.leading)}${client}`),
    group: digest(JSON.stringify([rule.id, cluster])),
  };
}

/** Long enough that an attacker finds no other name with the same digest. */
function digest(text: string): string {
  // loaded lazily: most invocations have no finding, and it would add to their cold start
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function eventFindings(findings: readonly Finding[]): EventFindings[] {
  const byEvent = new Map<string, EventFindings>();
  for (const finding of findings) {
    const known = byEvent.get(eventKey(finding));
    byEvent.set(eventKey(finding), known ? joined(known, finding) : { leading: finding, others: [] });
  }
  return [...byEvent.values()];
}

/** If an event is delivered twice, the second finding has the id of the first and is dropped. */
function joined({ leading, others }: EventFindings, finding: Finding): EventFindings {
  if ([leading, ...others].some(({ id }) => id === finding.id)) return { leading, others };
  return compareSeriousness(finding, leading) > 0
    ? { leading: finding, others: [leading, ...others] }
    : { leading, others: [...others, finding] };
}

function worse(a: EventFindings, b: EventFindings): EventFindings {
  return compareSeriousness(b.leading, a.leading) > 0 ? b : a;
}

/** The number of signals that raise a finding: a self-approval of a privileged subject has two. */
function raisingSignals({ signals }: Finding): number {
  return signals.filter(({ raisesTo }) => raisesTo !== undefined).length;
}

/** Above 0 if `a` is more serious; of equals the first one leads. */
export function compareSeriousness(a: Finding, b: Finding): number {
  const [severityOfA, outcomeOfA, phaseOfA] = ranksOf(a);
  const [severityOfB, outcomeOfB, phaseOfB] = ranksOf(b);
  return (
    severityOfA - severityOfB ||
    a.riskScore - b.riskScore ||
    outcomeOfA - outcomeOfB ||
    Number(isEksAttempt(b)) - Number(isEksAttempt(a)) ||
    phaseOfA - phaseOfB ||
    raisingSignals(a) - raisingSignals(b)
  );
}
