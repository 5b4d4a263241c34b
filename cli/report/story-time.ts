import { severities } from '../../lambda/findings/finding.ts';
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

/** Of the same length, whatever the precision of the fraction; a time that can't be read is last. */
export function sortableTime(time: string | undefined): string {
  const parts = timeParts(time);
  return parts ? `${parts.date}${parts.clock}${parts.fraction.padEnd(9, '0')}` : '~';
}

export function timeParts(time: string | undefined) {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(time ?? '');
  const [, date, clock, fraction = ''] = found ?? [];
  return date !== undefined && clock !== undefined ? { date, clock, fraction } : undefined;
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
