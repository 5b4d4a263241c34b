import { isEksAttempt } from '../../findings/certificate-use.ts';
import { type Finding, severities } from '../../findings/finding.ts';
import { isCanary } from '../../findings/is-canary.ts';

/** One event on a human channel: the most severe finding speaks for it, the others name their rules. */
export interface EventStory {
  readonly leading: Finding;
  /** What other rules found in the same event. */
  readonly others: readonly Finding[];
}

/** Events of one rule, cluster and actor that arrived together; one alone is the usual case. */
export interface Burst {
  /** The most severe: the page leads with it. */
  readonly lead: EventStory;
  /** All of them, `lead` too, in the order of the log. */
  readonly events: readonly EventStory[];
}

/** What a human channel tells of some findings: one page a burst. */
export function burstsOf(findings: readonly Finding[]): Burst[] {
  const bursts = new Map<string, EventStory[]>();
  for (const story of eventStories(findings)) {
    const key = incidentKey(story.leading);
    const events = bursts.get(key);
    if (events) events.push(story);
    else bursts.set(key, [story]);
  }
  return [...bursts.values()].flatMap((events) => {
    const [first, ...rest] = events;
    return first ? [{ lead: rest.reduce(worse, first), events }] : [];
  });
}

/** What belongs together: rule, cluster and actor. No test of csrwatch leads a page on what somebody did. */
function incidentKey(finding: Finding): string {
  const { rule, cluster, actor } = finding;
  return JSON.stringify([rule.id, cluster, actor.name, ...(isCanary(finding) ? ['test'] : [])]);
}

/** The same as twelve hexadecimal digits, for where a name must be short or harmless. */
export function incidentId(finding: Finding): string {
  // most invocations find nothing, and loading it is a part of their cold start
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(incidentKey(finding)).digest('hex').slice(0, 12);
}

function eventStories(findings: readonly Finding[]): EventStory[] {
  const stories = new Map<string, EventStory>();
  for (const finding of findings) {
    const story = stories.get(finding.eventDigest);
    stories.set(finding.eventDigest, story ? joined(story, finding) : { leading: finding, others: [] });
  }
  return [...stories.values()];
}

/** The same event delivered twice is one finding twice: it says nothing new. */
function joined({ leading, others }: EventStory, finding: Finding): EventStory {
  if ([leading, ...others].some(({ id }) => id === finding.id)) return { leading, others };
  return compare(finding, leading) > 0
    ? { leading: finding, others: [leading, ...others] }
    : { leading, others: [...others, finding] };
}

function worse(a: EventStory, b: EventStory): EventStory {
  return compare(b.leading, a.leading) > 0 ? b : a;
}

/** How far it went, where severity and score say the same. */
const farthest: readonly Finding['phase'][] = [
  'deleted',
  'modified',
  'denied',
  'requested',
  'decided',
  'approved',
  'issued',
];
const worst: readonly Finding['outcome'][] = ['dry-run', 'refused', 'unknown', 'succeeded'];

/** The reasons that raise a finding: an approval of one's own request for the cluster's own name has two. */
function graveReasons({ signals }: Finding): number {
  return signals.filter(({ raisesTo }) => raisesTo !== undefined).length;
}

/** Above 0 where `a` is worse; the first of equals leads. */
function compare(a: Finding, b: Finding): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    a.riskScore - b.riskScore ||
    worst.indexOf(a.outcome) - worst.indexOf(b.outcome) ||
    Number(isEksAttempt(b)) - Number(isEksAttempt(a)) ||
    farthest.indexOf(a.phase) - farthest.indexOf(b.phase) ||
    graveReasons(a) - graveReasons(b)
  );
}
