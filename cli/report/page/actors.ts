import type { Entry } from '../story-entry.ts';
import type { PageReport } from './page-report.ts';

/** The actors of findings by name, the most active first. A page refers to an actor by its number. */
export type Actors = ReadonlyMap<string, { readonly number: number; readonly findings: number }>;

export function actorsOf({ stories, useFindings }: PageReport): Actors {
  const counts = new Map<string, number>();
  const entries = [...stories.flatMap((story) => story.entries), ...[...useFindings.values()].flat()];
  for (const { who, isContext } of entries) if (!isContext) counts.set(who, (counts.get(who) ?? 0) + 1);
  const ordered = [...counts].sort((a, b) => b[1] - a[1]);
  return new Map(ordered.map(([who, findings], number) => [who, { number, findings }]));
}

/** The attributes by which the filters select an element that shows these entries. */
export interface FilterKeys {
  /** Severities, separated by spaces. */
  readonly severities: string;
  /** Numbers of actors. */
  readonly actors: string;
  /** ms since the epoch; `''` if no time can be read. */
  readonly first: number | '';
  readonly last: number | '';
}

/** @param entries - those without a finding do not count */
export function filterKeys(entries: readonly Entry[], actors: Actors): FilterKeys {
  const found = entries.filter(({ isContext }) => !isContext);
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { time } of found) {
    const timeMs = Date.parse(time ?? '');
    if (Number.isNaN(timeMs)) continue;
    first = Math.min(first, timeMs);
    last = Math.max(last, timeMs);
  }
  return {
    severities: unique(found.map(({ severity }) => severity)),
    actors: unique(found.flatMap(({ who }) => `${actors.get(who)?.number ?? ''}`)),
    first: Number.isFinite(first) ? first : '',
    last: Number.isFinite(last) ? last : '',
  };
}

function unique(texts: readonly string[]): string {
  return [...new Set(texts)].join(' ');
}
