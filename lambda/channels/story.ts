import type { Finding } from '../findings/finding.ts';

/** One event on a human channel: the most severe finding speaks for it, the others name their rules. */
export interface EventStory {
  readonly leading: Finding;
  /** What other rules found in the same event. */
  readonly others: readonly Finding[];
}

/** Events of one rule, cluster and actor that arrived together, in the order of the log; one alone is the usual case. */
export type Burst = readonly [EventStory, ...EventStory[]];

/** What a human channel tells of some findings: one page a burst. */
export function burstsOf(findings: readonly Finding[]): Burst[] {
  const bursts = new Map<string, [EventStory, ...EventStory[]]>();
  for (const story of eventStories(findings)) {
    const { rule, cluster, actor } = story.leading;
    const key = JSON.stringify([rule.id, cluster, actor.name]);
    const burst = bursts.get(key);
    if (burst) burst.push(story);
    else bursts.set(key, [story]);
  }
  return [...bursts.values()];
}

function eventStories(findings: readonly Finding[]): EventStory[] {
  const stories = new Map<string, EventStory>();
  for (const finding of findings) {
    const { leading, others = [] } = stories.get(finding.eventDigest) ?? {};
    if (!leading) stories.set(finding.eventDigest, { leading: finding, others });
    else if (finding.riskScore > leading.riskScore)
      stories.set(finding.eventDigest, { leading: finding, others: [...others, leading] });
    else stories.set(finding.eventDigest, { leading, others: [...others, finding] });
  }
  return [...stories.values()];
}
