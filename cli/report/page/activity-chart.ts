import { utcText } from '../../../lambda/text/time-text.ts';
import { counted } from '../../amounts.ts';
import type { Coverage } from '../coverage.ts';
import { type Activity, activityOf, type Lane, type Mark, type MarkKind, markKinds } from './activity.ts';
import type { Actors } from './actors.ts';
import { type Html, html } from './html.ts';
import type { PageReport } from './page-report.ts';
import { badge } from './story-article.ts';
import { ticksOf } from './time-axis.ts';

/** The shape tells the kinds apart without color. */
const shapes: Readonly<Record<MarkKind, { readonly path: string; readonly meaning: string }>> = {
  requested: { path: 'M-6,0A6,6 0 1 0 6,0A6,6 0 1 0 -6,0Z', meaning: 'requested' },
  decided: { path: 'M0,-8L8,0L0,8L-8,0Z', meaning: 'approved, denied or decided' },
  issued: { path: 'M-6,-6H6V6H-6Z', meaning: 'issued' },
  used: { path: 'M0,-7L7,6H-7Z', meaning: 'certificate used' },
  other: { path: 'M-2,-7H2V7H-2Z', meaning: 'read, modified, deleted, other' },
};

/**
 * What each actor did, drawn by time. The drawing is hidden from screen readers: the text of each lane sums it up, and the
 * stories contain its events.
 */
export function activitySection(report: PageReport, actors: Actors): Html | undefined {
  const activity = activityOf(report);
  if (activity === undefined) return undefined;
  const { lanes, otherActors } = activity;
  return html`<section aria-labelledby="activity"><h2 id="activity">Activity by actor</h2>
<p>${utcText(activity.fromMs)} to ${utcText(activity.toMs)}. A mark leads to its story.</p>
<svg class="shapes" aria-hidden="true" focusable="false"><defs>${markKinds.map((kind) => html`<path id="mark-${kind}" d="${shapes[kind].path}"/>`)}</defs></svg>
<ul class="legend">${markKinds.map((kind) => html`<li><svg width="18" height="18" aria-hidden="true" focusable="false"><use href="#mark-${kind}" x="9" y="9" class="legend-mark"/></svg> ${shapes[kind].meaning}</li>`)}<li><svg width="18" height="18" aria-hidden="true" focusable="false"><use href="#mark-other" x="9" y="9" class="mark none"/></svg> gray: no finding</li></ul>
<ol class="lanes">
<li class="axis"><div></div>${axis(activity)}</li>
${lanes.map((lane) => laneItem(lane, activity, report.coverage, actors))}</ol>
${otherActors === 0 ? undefined : html`<p class="note">${counted(otherActors, 'more actor')} in the stories.</p>`}</section>
`;
}

function axis({ fromMs, toMs }: Activity): Html {
  const labels = ticksOf(fromMs, toMs).map(({ x, label }) => {
    const anchor = x < 8 ? 'start' : x > 92 ? 'end' : 'middle';
    return html`<text x="${percent(x)}" y="14" text-anchor="${anchor}">${label}</text>`;
  });
  return html`<svg height="20" aria-hidden="true" focusable="false">${labels}</svg>`;
}

function laneItem(lane: Lane, activity: Activity, coverage: Coverage, actors: Actors): Html {
  const { who, findings, worst, firstMs, lastMs } = lane;
  const times = [...new Set([firstMs, lastMs].map(utcText))].map(
    (time) => html`<span class="time">${time}</span>`,
  );
  const [first, last] = times;
  return html`<li class="lane" data-actor="${actors.get(who)?.number}"><div><b>${who}</b><p>${worst === undefined ? undefined : html`${badge(worst)} `}${findings === 0 ? 'no finding' : counted(findings, 'request with a finding', 'requests with a finding')}, ${first}${last && html` to ${last}`}</p></div><svg height="36" aria-hidden="true" focusable="false">${gaps(activity, coverage)}${ticksOf(activity.fromMs, activity.toMs).map(({ x }) => html`<line class="grid" x1="${percent(x)}" x2="${percent(x)}" y1="0" y2="36"/>`)}<line class="base" x1="0" x2="100%" y1="18" y2="18"/>${lane.marks.map(markLink)}</svg></li>
`;
}

/** Where the log has no events, nothing can be drawn. */
function gaps({ fromMs, toMs }: Activity, coverage: Coverage): Html[] {
  const share = (ms: number) => Math.min(100, Math.max(0, ((ms - fromMs) / (toMs - fromMs)) * 100));
  return coverage.gaps
    .map((gap) => ({ x: share(gap.fromMs), end: share(gap.toMs) }))
    .filter(({ x, end }) => end > x)
    .slice(0, 50)
    .map(
      ({ x, end }) =>
        html`<rect class="gap" x="${percent(x)}" width="${percent(end - x)}" y="0" height="36"><title>no events in the log</title></rect>`,
    );
}

function markLink({ x, kind, severity, count, text, story, firstMs, lastMs }: Mark): Html {
  const time = firstMs === lastMs ? utcText(firstMs) : `${utcText(firstMs)} to ${utcText(lastMs)}`;
  const more = count === 1 ? '' : ` and ${count - 1} more`;
  const drawn = html`<use href="#mark-${kind}" x="${percent(x)}" y="18" class="mark ${severity ?? 'none'}"><title>${time}: ${text}${more}${severity === undefined ? '' : `, ${severity}`}</title></use>`;
  const keys = html`data-severities="${severity ?? ''}" data-first="${firstMs}" data-last="${lastMs}"`;
  // the keyboard skips the marks: it reaches the stories themselves
  return story === undefined
    ? html`<g ${keys}>${drawn}</g>`
    : html`<a href="#story-${story}" tabindex="-1" ${keys}>${drawn}</a>`;
}

function percent(x: number): string {
  return `${Number(x.toFixed(2))}%`;
}
