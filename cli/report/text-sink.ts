import { type OverviewRow, overviewRows } from './overview.ts';
import { ink, type Paper, paragraph } from './paper.ts';
import type { PeopleOptions, PeopleSink } from './people-reporter.ts';
import { printingSink } from './printing-sink.ts';
import { colors, renderStory, renderUses } from './render-story.ts';
import { renderTimeline } from './render-timeline.ts';
import type { Print } from './reporter.ts';

const labelWidth = 14;

/** For a terminal: the overview, the stories, and the timeline if there is one. */
export function textSink(print: Print, paper: Paper, options: PeopleOptions): PeopleSink {
  const explained = new Set<string>();
  return printingSink(print, options, {
    overview: (counts, coverage) =>
      overviewRows(counts, coverage)
        .map((row) => rowLines(row, paper))
        .join(''),
    story: (story, uses) => renderStory(story, uses, explained, paper),
    uses: (uses) => renderUses(uses, paper),
    timeline: (timeline, subject) => renderTimeline(timeline, subject, paper),
    note: (text) => paragraph([[text, 'dim']], { first: '', indent: 0 }, paper),
  });
}

function rowLines({ label, values }: OverviewRow, paper: Paper): string {
  return values
    .map((value, index) => {
      const first = ink((index === 0 ? label : '').padEnd(labelWidth), 'dim', paper);
      return paragraph(
        [[value, label === 'Severity' ? worstColor(value) : undefined]],
        { first, indent: labelWidth },
        paper,
      );
    })
    .join('');
}

function worstColor(value: string) {
  return value.includes('critical') ? colors.critical : value.includes('high') ? colors.high : undefined;
}
