import { isEksAttempt } from '../findings/certificate-use.ts';
import type { Finding } from '../findings/finding.ts';
import { ranksOf } from '../findings/gravity.ts';
import { isCanary } from '../findings/is-canary.ts';

/** The findings of one event on a human channel: the most severe one leads, the others only name their rules. */
export interface EventFindings {
  readonly leading: Finding;
  /** The findings of other rules. */
  readonly others: readonly Finding[];
}

/** Events of one rule, cluster and actor that arrived together; usually only one. */
export interface Burst {
  /** The most serious one, which the alert describes. */
  readonly lead: EventFindings;
  /** All of them, including `lead`, in the order of the log. */
  readonly events: readonly EventFindings[];
}

/** Groups findings for the human channels, which receive one alert per burst. */
export function burstsOf(findings: readonly Finding[]): Burst[] {
  const bursts = new Map<string, EventFindings[]>();
  for (const event of eventFindings(findings)) {
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

/** What belongs together: rule, cluster and actor. A canary never shares an alert with other events. */
function incidentKey(finding: Finding): string {
  const { rule, cluster, actor } = finding;
  // a proxy acts for many people
  const as = actor.impersonated ? [{ as: actor.impersonated.name }] : [];
  return JSON.stringify([rule.id, cluster, actor.name, ...as, ...(isCanary(finding) ? ['test'] : [])]);
}

/** The same as twelve hexadecimal digits, for names that must be short or must not contain an attacker's text. */
export function incidentId(finding: Finding): string {
  // loaded lazily: most invocations have no finding, and it would add to their cold start
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(incidentKey(finding)).digest('hex').slice(0, 12);
}

function eventFindings(findings: readonly Finding[]): EventFindings[] {
  const byDigest = new Map<string, EventFindings>();
  for (const finding of findings) {
    const known = byDigest.get(finding.eventDigest);
    byDigest.set(finding.eventDigest, known ? joined(known, finding) : { leading: finding, others: [] });
  }
  return [...byDigest.values()];
}

/** If an event is delivered twice, the second finding has the id of the first and is dropped. */
function joined({ leading, others }: EventFindings, finding: Finding): EventFindings {
  if ([leading, ...others].some(({ id }) => id === finding.id)) return { leading, others };
  return compare(finding, leading) > 0
    ? { leading: finding, others: [leading, ...others] }
    : { leading, others: [...others, finding] };
}

function worse(a: EventFindings, b: EventFindings): EventFindings {
  return compare(b.leading, a.leading) > 0 ? b : a;
}

/** The number of signals that raise a finding: a self-approval of a privileged subject has two. */
function raisingSignals({ signals }: Finding): number {
  return signals.filter(({ raisesTo }) => raisesTo !== undefined).length;
}

/** Above 0 if `a` is more serious; of equals the first one leads. */
function compare(a: Finding, b: Finding): number {
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
