import type { EventFacts, Finding } from '../../lambda/findings/finding.ts';
import type { CertificateUses } from './certificate-uses.ts';
import type { Coverage } from './coverage.ts';
import { createCsrEvents } from './csr-events.ts';
import type { Reporter } from './reporter.ts';
import type { ScanStats } from './scan-stats.ts';
import { createStories, type Story } from './stories.ts';
import { inChains } from './story-chains.ts';
import { type SortOrder, sorted } from './story-time.ts';
import { createTally, type TallyCounts } from './tally.ts';
import { createTimeline, type Timeline } from './timeline.ts';

export interface PeopleOptions {
  readonly sort: SortOrder;
  readonly summaryOnly: boolean;
  /** The subject of the timeline, such as `actor mallory`; `undefined` if there is no timeline. */
  readonly timelineOf: string | undefined;
  /** Whether stories are about CSRs only: events of other resources are then only in the timeline. */
  readonly onlyCsrStories: boolean;
  /** The name or the uid of the only CSR that is wanted. */
  readonly csr?: string | undefined;
  /** The number of requests that are kept before their stories are written early; each takes a few kilobytes. @default 20,000 */
  readonly maxRequests?: number;
  /** The size, as JSON, of the events of CSRs that are kept although they have no finding. @default 64 MiB */
  readonly maxCsrEventBytes?: number;
}

/** What a scan found, for people. */
export interface PeopleReport {
  /** The stories that were not written early. */
  readonly stories: readonly Story[];
  readonly counts: TallyCounts;
  readonly coverage: Coverage;
  readonly stats: ScanStats;
  /** By the fingerprint of the certificate. */
  readonly uses: ReadonlyMap<string, CertificateUses>;
  /** Fingerprints of the certificates with a finding or a story. */
  readonly reported: ReadonlySet<string>;
  readonly timeline: Timeline;
  /** Why stories may be incomplete. */
  readonly notes: readonly string[];
  readonly gapText: GapText;
}

/** States that a story lacks events; `undefined` if it lacks none. */
export type GapText = (story: Story) => string | undefined;

/** What shows stories: the terminal or a page. */
export interface PeopleSink {
  finding?(finding: Finding): void;
  /** An event without a finding that belongs to a story. */
  context?(facts: EventFacts): void;
  /** Stories before the end, which are no longer kept: later events of the same CSR start another story. */
  early(stories: readonly Story[], gapText: GapText): Promise<void>;
  end(report: PeopleReport): Promise<void>;
}

const defaultMaxRequests = 20_000;

/**
 * For people: groups findings into stories. The events of one CSR are shown together, so no story is complete before
 * the end of the scan. If a scan finds more than can be kept, the stories so far are written early and dropped: the
 * story of a CSR may then appear in two parts, and a note states that. A story also states if it may lack events.
 */
export function peopleReporter(options: PeopleOptions, sinks: readonly PeopleSink[]): Reporter {
  const { sort, onlyCsrStories, maxRequests = defaultMaxRequests } = options;
  const stories = createStories();
  const csrEvents = createCsrEvents(
    (identity) => stories.includes(identity),
    options.csr,
    options.maxCsrEventBytes,
  );
  const tally = createTally();
  const timeline = createTimeline();
  const uses = new Map<string, CertificateUses>();
  const reported = new Set<string>();
  let isInParts = false;
  const takeStories = async () => {
    // loaded lazily: most scans start without a finding
    const { factsOf } = await import('../../lambda/findings/build-finding.ts');
    for (const { record, identity, ruleIds } of csrEvents.ofStories()) {
      const facts = await factsOf(record);
      stories.addContext(facts, identity, ruleIds);
      for (const sink of sinks) sink.context?.(facts);
    }
    const taken = stories.take();
    for (const story of taken) {
      tally.story(story);
      for (const { certificate } of story.entries) if (certificate) reported.add(certificate.sha256);
    }
    return sorted(onlyCsrStories ? taken.filter(isOfCsr) : taken, sort);
  };
  const notes = (): string[] => [
    ...(isInParts
      ? [
          `More than ${maxRequests} requests have a finding, so the stories are in parts, each of them sorted. The story of a CSR may be in several of them, or lack events without a finding: scan again with ${narrower}.`,
        ]
      : []),
    ...(csrEvents.lacksUnknown
      ? [
          `The log has more CSRs than are kept: any story may lack events without a finding. Scan again with ${narrower}.`,
        ]
      : []),
  ];
  const narrower = options.csr === undefined ? '--csr NAME' : 'a shorter window (--since, --until)';
  const gapText: GapText = ({ entries, uid }) => {
    const cluster = entries[0]?.cluster;
    const names = new Set(entries.map(({ csr }) => csr?.name));
    const isLacking = [...names].some((name) => csrEvents.lacks({ cluster, name, uid }));
    return isLacking
      ? `This story lacks events without a finding, because the log has more of them than are kept: scan again with ${narrower}.`
      : undefined;
  };
  return {
    async item(item) {
      switch (item.kind) {
        case 'finding':
          if (stories.size >= maxRequests && !stories.has(item.finding)) {
            isInParts = true;
            const ready = await takeStories();
            for (const sink of sinks) await sink.early(ready, gapText);
          }
          tally.finding(item.finding);
          for (const sink of sinks) sink.finding?.(item.finding);
          // the uses of a certificate are shown with the story of its CSR
          if (item.finding.uses === undefined) stories.add(item.finding);
          else if (item.finding.certificate) reported.add(item.finding.certificate.sha256);
          break;
        case 'uses':
          uses.set(item.uses.followed.certificate.sha256, item.uses);
          break;
        case 'csr-event':
          csrEvents.add(item.record, item.ruleIds);
          break;
        case 'request':
          timeline.add(item.line);
          break;
      }
    },
    async end(stats, coverage) {
      const ready = inChains(await takeStories(), uses);
      const report = {
        stories: ready,
        counts: tally.counts(uses),
        coverage,
        stats,
        uses,
        reported,
        timeline,
        notes: notes(),
        gapText,
      };
      for (const sink of sinks) await sink.end(report);
    },
  };
}

function isOfCsr({ entries }: Story): boolean {
  return entries.some(({ csr }) => csr !== undefined);
}
