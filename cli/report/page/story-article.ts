import { timeParts } from '../../../lambda/text/sortable-time.ts';
import { counted } from '../../amounts.ts';
import type { CertificateUses } from '../certificate-uses.ts';
import { shown, shownQuoted } from '../shown-text.ts';
import type { Story } from '../stories.ts';
import type { Entry } from '../story-entry.ts';
import { commandLabel } from '../story-facts.ts';
import { factsOf, folded, stepsOf, titleOf } from '../story-text.ts';
import { inTime } from '../story-time.ts';
import { usesText } from '../uses-text.ts';
import { type Actors, filterKeys } from './actors.ts';
import { type Html, html, longText } from './html.ts';
import type { PageReport } from './page-report.ts';

type Fact = readonly [label: string, value: string];

/** Lines of one story: clients poll, and an attacker may write as many as there is room for. */
const maxLines = 500;

/** One story: its facts, its events by time, and the uses of its certificate. */
export function storyArticle(
  story: Story,
  number: number,
  uses: readonly CertificateUses[],
  actors: Actors,
  report: PageReport,
): Html {
  const ordered = inTime(story.entries);
  const useEntries = uses.flatMap((each) => useFindingsOf(each, report));
  const facts = factsOf(ordered);
  const lines = folded(ordered);
  const kept = limited(lines);
  const signals = new Set<string>();
  const dropped = lines.length - kept.length;
  const gap = report.gapText(story);
  const cluster = ordered[0]?.cluster;
  return html`<article class="story" id="story-${number}" ${keysOf([...ordered, ...useEntries], actors)}>
<h3>${badge(story.severity)} ${titleOf(ordered)}</h3>
<p class="steps">${stepsOf(ordered)}${cluster === undefined ? '' : ` in ${cluster}`}</p>
${factList(facts)}
<ol class="events">
${kept.map(({ entry, times }) => eventItem(entry, times, facts, signals, report))}</ol>
${dropped === 0 ? undefined : html`<p class="note">${counted(dropped, 'more line')} of events are not shown.</p>`}${gap === undefined ? undefined : html`<p class="note">${gap}</p>`}${uses.map((each) => usesPart(each, report))}</article>
`;
}

/** The uses of a certificate that are not part of a story. */
export function usesArticle(uses: CertificateUses, actors: Actors, report: PageReport): Html {
  const { issuance, certificate } = uses.followed;
  const of =
    issuance.csrName === undefined
      ? shown(certificate.sha256, 64)
      : `CSR ${shownQuoted(issuance.csrName, 100)}`;
  return html`<article class="story" ${keysOf(useFindingsOf(uses, report), actors)}>
<h3>The certificate of ${of}</h3>
${usesPart(uses, report)}</article>
`;
}

export function badge(severity: string): Html {
  return html`<span class="badge ${severity}">${severity}</span>`;
}

/** A label without text belongs to the value above it. */
export function factList(facts: readonly Fact[]): Html | undefined {
  if (facts.length === 0) return undefined;
  const groups: { label: string; values: string[] }[] = [];
  for (const [label, value] of facts) {
    const last = groups.at(-1);
    if (label === '' && last) last.values.push(value);
    else groups.push({ label, values: [value] });
  }
  const rows = groups.map(
    ({ label, values }) =>
      html`<dt>${label}</dt>${values.map((value) => html`<dd>${label === commandLabel ? html`<code>${value}</code>` : value}</dd>`)}`,
  );
  return html`<dl class="facts">${rows}</dl>`;
}

export function timeElement(time: string | undefined): Html {
  const parts = timeParts(time);
  if (parts === undefined) return html`<span class="time">${time ?? 'no time'}</span>`;
  return html`<time datetime="${time}">${parts.date} ${parts.clock}Z</time>`;
}

function keysOf(entries: readonly Entry[], actors: Actors): Html {
  const { severities, actors: numbers, first, last } = filterKeys(entries, actors);
  return html`data-severities="${severities}" data-actors="${numbers}" data-first="${first}" data-last="${last}"`;
}

function useFindingsOf({ followed }: CertificateUses, { useFindings }: PageReport): readonly Entry[] {
  return useFindings.get(followed.certificate.sha256) ?? [];
}

type Line = ReturnType<typeof folded>[number];

/** Of more lines than fit, those with a finding come first. */
function limited(lines: readonly Line[]): readonly Line[] {
  const found = lines.filter(({ entry }) => !entry.isContext).slice(0, maxLines);
  let room = maxLines - found.length;
  const kept = new Set(found);
  for (const line of lines) {
    if (room > 0 && line.entry.isContext) {
      kept.add(line);
      room -= 1;
    }
  }
  return lines.filter((line) => kept.has(line));
}

/** @param signals - that the story has explained; those of this event are added */
function eventItem(
  entry: Entry,
  times: number,
  known: readonly Fact[],
  signals: Set<string>,
  report: PageReport,
): Html {
  const answer = [entry.mark, entry.code ?? ''].filter((part) => part !== '').join(', ');
  const isNew = ({ id, sentence }: Entry['signals'][number]) =>
    !signals.has(`${id} ${sentence}`) && signals.add(`${id} ${sentence}`);
  const explained = entry.signals.filter(isNew);
  const other = [...entry.identity, ...entry.facts].filter(
    (fact) => !known.some((one) => one[0] === fact[0] && one[1] === fact[1]),
  );
  const notes = [
    ...(entry.podOutput === undefined ? [] : [entry.podOutput]),
    ...(entry.legacy ? ['Read from a line of the legacy format: no body, no decision.'] : []),
  ];
  const rules = entry.rules.length > 0 ? `Rule ${entry.rules.join(', ')}` : 'No finding';
  return html`<li class="${entry.isContext ? 'event context' : 'event'}"><p>${timeElement(entry.time)} <strong>${entry.action}</strong>${answer === '' ? '' : ` (${answer})`}${times === 1 ? '' : ` ×${times}`} by <b>${entry.who}</b>${entry.from === '' ? '' : ` from ${entry.from}`}${entry.userAgent === undefined ? '' : ` with ${entry.userAgent}`}</p>
${explained.length === 0 ? undefined : html`<ul class="signals">${explained.map(({ id, sentence, raises }) => html`<li${raises ? html` class="raises"` : undefined}>${sentence} <code>${id}</code></li>`)}</ul>`}${notes.map((note) => html`<p class="note">${note}</p>`)}${factList(other)}<p class="where">${rules}, at ${entry.places.join('; ')}</p>
${eventDetails(entry, report)}</li>
`;
}

function eventDetails({ digests }: Entry, { events }: PageReport): Html {
  const parts = [...digests].map(([stage, digest]) => {
    const text = events.textOf(digest);
    if (text === undefined)
      return html`<p class="note">This page has no room for the event: read it at its place in the log.</p>`;
    return html`${digests.size > 1 ? html`<p>${shown(stage, 30)}</p>` : undefined}<pre>${longText(text)}</pre>`;
  });
  return html`<details><summary>${digests.size > 1 ? 'Events' : 'Event'} as JSON</summary>${parts}</details>`;
}

function usesPart(uses: CertificateUses, report: PageReport): Html {
  const findings = useFindingsOf(uses, report);
  const items = findings.map((entry) => eventItem(entry, 1, entry.facts, new Set(), report));
  return html`<section class="uses"><h4>Use of the certificate</h4>
${factList(usesText(uses))}${
  items.length === 0
    ? undefined
    : html`<p>The first request from each address with each client:</p><ol class="events">
${items}</ol>`
}</section>
`;
}
