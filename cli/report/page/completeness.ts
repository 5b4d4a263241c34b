import { placeText } from '../../../lambda/text/place-text.ts';
import { visible } from '../../../lambda/text/visible-text.ts';
import { counted } from '../../amounts.ts';
import { gapText } from '../overview.ts';
import type { ScanStats } from '../scan-stats.ts';
import { type Html, html } from './html.ts';
import type { PageInfo, PageReport } from './page-report.ts';

type Places = ScanStats['faults'];

/** What the scan could not read, and what the page lacks. */
export function completenessSection(report: PageReport, info: PageInfo): Html {
  const { stats, coverage } = report;
  const parts = [
    ...(info.interruption === undefined
      ? []
      : [html`<p><b>The scan was interrupted</b> after ${info.interruption}.</p>`]),
    list('Inputs that were not read to their end', placesOf(stats.faults), stats.faults.length),
    list('Inputs without an audit event', placesOf(stats.withoutEvents), stats.withoutEvents.length),
    list('Rejected records', placesOf(stats.rejections), stats.rejected),
    list(
      'Records that may hold an event in a shape that is not read',
      placesOf(stats.suspicions),
      stats.suspicious,
    ),
    list('Times without events', coverage.gaps.map(gapText), coverage.gaps.length),
    list('Warnings about the rules', info.warnings, info.warnings.length),
    list('Not on this page', omissions(report), 0),
  ].filter((part) => part !== undefined);
  return html`<section aria-labelledby="completeness"><h2 id="completeness">Completeness</h2>
${parts.length === 0 ? html`<p>Every input was read to its end, and no record was rejected.</p>` : parts}</section>
`;
}

function omissions({ notes, droppedStories, droppedUses }: PageReport): string[] {
  return [
    ...notes,
    ...(droppedStories > 0
      ? [
          `${counted(droppedStories, 'story', 'stories')}: the page has the most severe ones, and the overview counts all. Scan again with --min-severity, --actor or a shorter window.`,
        ]
      : []),
    ...(droppedUses > 0 ? [`${counted(droppedUses, 'finding')} about the use of a certificate.`] : []),
  ];
}

function placesOf(places: Places): string[] {
  return places.map(({ place, reason }) => `${placeText(place, 200)}: ${visible(reason, 300)}`);
}

const shownTexts = 100;

/** @param count - of all, of which the texts may be only the first */
function list(label: string, texts: readonly string[], count: number): Html | undefined {
  if (texts.length === 0) return undefined;
  const shown = texts.slice(0, shownTexts);
  const more = Math.max(count, texts.length) - shown.length;
  const rest = more > 0 ? html`<li>and ${more} more</li>` : undefined;
  const items = html`<ul>${shown.map((text) => html`<li>${text}</li>`)}${rest}</ul>`;
  const heading = count === 0 ? label : `${label}: ${count}`;
  return shown.length > 10
    ? html`<details><summary>${heading}</summary>${items}</details>`
    : html`<h3>${heading}</h3>${items}`;
}
