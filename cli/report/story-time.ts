import { severities } from '../../lambda/findings/finding.ts';
import { compare, sortableTime, timeParts } from '../../lambda/text/sortable-time.ts';
import type { Story } from './stories.ts';
import type { Entry } from './story-entry.ts';

export const sortOrders = ['severity', 'time'] as const;
export type SortOrder = (typeof sortOrders)[number];

/** The most severe first, and by the time of the first event; or only by that time. */
export function sorted(stories: readonly Story[], order: SortOrder): readonly Story[] {
  const timed = stories.map((story) => ({ story, time: sortableTime(inTime(story.entries)[0]?.time) }));
  const rank = ({ severity }: Story) => severities.indexOf(severity);
  return timed
    .toSorted((a, b) => {
      const bySeverity = order === 'severity' ? rank(b.story) - rank(a.story) : 0;
      return bySeverity || compare(a.time, b.time);
    })
    .map(({ story }) => story);
}

/** In the order of their times if all have one, else in the order of the log. */
export function inTime(entries: readonly Entry[]): readonly Entry[] {
  if (entries.some(({ time }) => timeParts(time) === undefined)) return entries;
  return entries.toSorted((a, b) => compare(sortableTime(a.time), sortableTime(b.time)));
}
