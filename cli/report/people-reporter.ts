import type { CertificateUses } from './certificate-uses.ts';
import type { Coverage } from './coverage.ts';
import { createCsrEvents } from './csr-events.ts';
import type { Print, Reporter } from './reporter.ts';
import { createStories, type Story } from './stories.ts';
import { type SortOrder, sorted } from './story-time.ts';
import { createTally, type TallyCounts } from './tally.ts';
import { createTimeline, type Timeline } from './timeline.ts';

export interface PeopleOptions {
  readonly sort: SortOrder;
  readonly summaryOnly: boolean;
  /** Whose requests the timeline shows, such as `actor mallory`; without a timeline, `undefined`. */
  readonly timelineOf: string | undefined;
  /** Other resources than CSRs are only in the timeline. */
  readonly onlyCsrStories: boolean;
  /** The name or the uid of the only CSR that is wanted. */
  readonly csr?: string | undefined;
  /** Requests kept before their stories are printed; each takes a few kilobytes. @default 20,000 */
  readonly maxRequests?: number;
  /** Of the events of CSRs without a finding that are kept, as JSON. @default 64 MiB */
  readonly maxCsrEventBytes?: number;
}

/** How the parts of a report are written. Each ends with a line feed. */
export interface Renderings {
  readonly overview: (counts: TallyCounts, coverage: Coverage) => string;
  /** @param uses - of the certificates that the story's CSR led to */
  readonly story: (story: Story, uses: readonly CertificateUses[]) => string;
  /** Uses of a certificate that are not part of a story. */
  readonly uses: (uses: CertificateUses) => string;
  readonly timeline: (timeline: Timeline, subject: string) => string;
  readonly note: (text: string) => string;
}

const defaultMaxRequests = 20_000;

/**
 * For people: the overview, then the stories. The events of one CSR are printed together, so nothing is printed before the
 * end. If a scan finds more than is kept, the stories so far are printed and dropped: the story of a CSR may then appear in
 * two parts, the overview is the last part, and a note states so. A story also states if it may lack events.
 */
export function peopleReporter(print: Print, options: PeopleOptions, render: Renderings): Reporter {
  const { sort, summaryOnly, timelineOf, onlyCsrStories, maxRequests = defaultMaxRequests } = options;
  const stories = createStories();
  const csrEvents = createCsrEvents(
    (identity) => stories.includes(identity),
    options.csr,
    options.maxCsrEventBytes,
  );
  const tally = createTally();
  const timeline = createTimeline();
  const uses = new Map<string, CertificateUses>();
  /** Certificates with a finding or a printed story. */
  const reported = new Set<string>();
  let separator = '';
  let isInParts = false;
  const part = async (text: string) => {
    if (text === '') return;
    await print(`${separator}${text}`);
    separator = '\n';
  };
  const takeStories = async () => {
    // loaded lazily: most scans start without a finding
    const { factsOf } = await import('../../lambda/findings/build-finding.ts');
    for (const { record, identity, ruleIds } of csrEvents.ofStories()) {
      stories.addContext(await factsOf(record), identity, ruleIds);
    }
    const taken = stories.take();
    for (const story of taken) tally.story(story);
    return sorted(onlyCsrStories ? taken.filter(isOfCsr) : taken, sort);
  };
  const printStories = async (ready: readonly Story[]) => {
    if (summaryOnly) return;
    for (const story of ready) {
      for (const { certificate } of story.entries) if (certificate) reported.add(certificate.sha256);
      const ofStory = usesOf(story, uses);
      for (const each of ofStory) uses.delete(each.followed.certificate.sha256);
      const gap = gapText(story);
      await part(`${render.story(story, ofStory)}${gap === undefined ? '' : render.note(gap)}`);
    }
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
  const gapText = ({ entries, uid }: Story): string | undefined => {
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
            await printStories(await takeStories());
          }
          tally.finding(item.finding);
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
    async end(_, coverage) {
      const ready = await takeStories();
      const counts = tally.counts(uses);
      if (counts.findings > 0 || summaryOnly) await part(render.overview(counts, coverage));
      await printStories(inChains(ready, uses));
      if (summaryOnly) return;
      for (const [sha256, each] of uses) if (reported.has(sha256)) await part(render.uses(each));
      if (timelineOf !== undefined && timeline.size > 0) await part(render.timeline(timeline, timelineOf));
      for (const text of notes()) await part(render.note(text));
    },
  };
}

function isOfCsr({ entries }: Story): boolean {
  return entries.some(({ csr }) => csr !== undefined);
}

function usesOf({ entries }: Story, uses: ReadonlyMap<string, CertificateUses>): CertificateUses[] {
  const fingerprints = new Set(entries.flatMap(({ certificate }) => certificate?.sha256 ?? []));
  return [...fingerprints].flatMap((sha256) => uses.get(sha256) ?? []);
}

/** A CSR that was requested with the certificate of another follows it, whatever their times. */
function inChains(stories: readonly Story[], uses: ReadonlyMap<string, CertificateUses>): readonly Story[] {
  const ordered = new Set<Story>();
  const follows = (story: Story) => {
    if (ordered.has(story)) return;
    ordered.add(story);
    for (const { followed, requestedCsrs } of usesOf(story, uses)) {
      for (const other of stories) {
        const isOfCluster = other.entries.some(({ cluster }) => (cluster ?? null) === followed.cluster);
        if (isOfCluster && other.entries.some(({ csr }) => csr?.name && requestedCsrs.has(csr.name)))
          follows(other);
      }
    }
  };
  for (const story of stories) follows(story);
  return [...ordered];
}
