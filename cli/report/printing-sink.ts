import type { CertificateUses } from './certificate-uses.ts';
import type { Coverage } from './coverage.ts';
import type { GapText, PeopleOptions, PeopleSink } from './people-reporter.ts';
import type { Print } from './reporter.ts';
import type { Story } from './stories.ts';
import { usesOf } from './story-chains.ts';
import type { TallyCounts } from './tally.ts';
import type { Timeline } from './timeline.ts';

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

/** Prints the overview, then the stories. With more stories than are kept, some come before the overview. */
export function printingSink(
  print: Print,
  { summaryOnly, timelineOf }: PeopleOptions,
  render: Renderings,
): PeopleSink {
  let separator = '';
  const part = async (text: string) => {
    if (text === '') return;
    await print(`${separator}${text}`);
    separator = '\n';
  };
  const storyPart = async (story: Story, uses: readonly CertificateUses[], gapText: GapText) => {
    const gap = gapText(story);
    await part(`${render.story(story, uses)}${gap === undefined ? '' : render.note(gap)}`);
  };
  return {
    async early(stories, gapText) {
      if (summaryOnly) return;
      for (const story of stories) await storyPart(story, [], gapText);
    },
    async end({ stories, counts, coverage, uses, reported, timeline, notes, gapText }) {
      if (counts.findings > 0 || summaryOnly) await part(render.overview(counts, coverage));
      if (summaryOnly) return;
      const others = new Map(uses);
      for (const story of stories) {
        const ofStory = usesOf(story, others);
        for (const { followed } of ofStory) others.delete(followed.certificate.sha256);
        await storyPart(story, ofStory, gapText);
      }
      for (const [sha256, each] of others) if (reported.has(sha256)) await part(render.uses(each));
      if (timelineOf !== undefined && timeline.size > 0) await part(render.timeline(timeline, timelineOf));
      for (const text of notes) await part(render.note(text));
    },
  };
}
