import type { Finding } from '../../../lambda/findings/finding.ts';
import type { Fact } from '../../../lambda/findings/finding-facts.ts';
import type { PeopleOptions, PeopleReport, PeopleSink } from '../people-reporter.ts';
import type { Story } from '../stories.ts';
import { inChains } from '../story-chains.ts';
import { type Entry, entryOf } from '../story-entry.ts';
import { sorted } from '../story-time.ts';
import { createKeptEvents, type KeptEvents } from './kept-events.ts';

/** How and when the page is made. */
export interface PageInfo {
  readonly version: string;
  readonly madeAtMs: number;
  /** The command line, the window and the filters. */
  readonly scan: readonly Fact[];
  /** Of the rules. */
  readonly warnings: readonly string[];
  /** How far an interrupted scan came. */
  readonly interruption: string | undefined;
}

/** A page's content. */
export interface PageReport extends PeopleReport {
  /** Stories of the scan that the page lacks. */
  readonly droppedStories: number;
  readonly events: KeptEvents;
  /** The findings about uses of a certificate, by its fingerprint. */
  readonly useFindings: ReadonlyMap<string, readonly Entry[]>;
  readonly droppedUses: number;
  readonly timelineOf: string | undefined;
}

export interface PageLimits {
  /** A browser opens a page with so many requests in seconds. */
  readonly maxRequests: number;
  readonly maxUses: number;
}

const defaultLimits: PageLimits = { maxRequests: 10_000, maxUses: 1_000 };

/** Collects what a page shows. If there are more stories than fit, it keeps the most severe ones, and among these the earliest. */
export function createPageSink(
  { sort, timelineOf }: PeopleOptions,
  { maxRequests, maxUses }: PageLimits = defaultLimits,
): PeopleSink & { report(): PageReport | undefined } {
  const events = createKeptEvents();
  const useFindings = new Map<string, Entry[]>();
  let kept: readonly Story[] = [];
  let droppedStories = 0;
  let uses = 0;
  let result: PageReport | undefined;
  const keep = (stories: readonly Story[]) => {
    const candidates = sorted([...kept, ...stories], 'severity');
    let requests = 0;
    kept = candidates.filter(({ entries }) => {
      requests += entries.length;
      return requests <= maxRequests || requests === entries.length;
    });
    droppedStories += candidates.length - kept.length;
  };
  const addUse = (finding: Finding, sha256: string) => {
    uses += 1;
    if (uses > maxUses) return;
    const known = useFindings.get(sha256) ?? [];
    useFindings.set(sha256, known);
    known.push(entryOf(finding));
  };
  return {
    finding(finding) {
      events.add(finding.event, finding.eventDigest, finding.severity);
      if (finding.uses && finding.certificate) addUse(finding, finding.certificate.sha256);
    },
    context({ event, eventDigest }) {
      events.add(event, eventDigest, 'low');
    },
    async early(stories) {
      keep(stories);
    },
    async end(report) {
      keep(report.stories);
      result = {
        ...report,
        stories: inChains(sorted(kept, sort), report.uses),
        droppedStories,
        events,
        useFindings,
        droppedUses: Math.max(0, uses - maxUses),
        timelineOf,
      };
    },
    report: () => result,
  };
}
