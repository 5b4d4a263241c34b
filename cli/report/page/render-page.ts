import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { packageFile } from '../../../lambda/rules/package-file.ts';
import { utcText } from '../../../lambda/text/time-text.ts';
import { counted } from '../../amounts.ts';
import { overviewRows } from '../overview.ts';
import { usesOf } from '../story-chains.ts';
import { activitySection } from './activity-chart.ts';
import { type Actors, actorsOf } from './actors.ts';
import { completenessSection } from './completeness.ts';
import { type Html, html, ownFile } from './html.ts';
import type { PageInfo, PageReport } from './page-report.ts';
import { requestsSection } from './request-table.ts';
import { badge, factList, storyArticle, usesArticle } from './story-article.ts';

const style = pageFile('page.css');
const script = pageFile('page-script.js');

/** Nothing is loaded, sent or run but the page's own style and script, which are in it. */
const policy = [
  "default-src 'none'",
  `style-src '${hashOf(style)}'`,
  `script-src '${hashOf(script)}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The page in parts, so that it never is one string. It needs no other file. */
export function* renderPage(report: PageReport, info: PageInfo): Generator<string> {
  const actors = actorsOf(report);
  for (const part of partsOf(report, info, actors)) if (part) yield part.markup;
}

function* partsOf(report: PageReport, info: PageInfo, actors: Actors): Generator<Html | undefined> {
  const { stories, counts, uses, reported } = report;
  const findings = counted(counts.findings, 'finding');
  yield html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>csrwatch report: ${findings}</title>
<style>${ownFile(style)}</style>
</head>
<body>
<a class="skip" href="#stories">Skip to the stories</a>
<header><h1>csrwatch report: ${findings}</h1>
<p>Made ${utcText(info.madeAtMs)} with csrwatch ${info.version}.</p></header>
<main>
${overviewSection(report)}`;
  yield activitySection(report, actors);
  yield completenessSection(report, info);
  yield html`<section aria-labelledby="stories"><h2 id="stories">Stories</h2>
${stories.length === 0 ? html`<p>Nothing was found.</p>` : filterForm(report, actors)}`;
  const others = new Map(uses);
  for (const [index, story] of stories.entries()) {
    const ofStory = usesOf(story, others);
    for (const { followed } of ofStory) others.delete(followed.certificate.sha256);
    yield storyArticle(story, index, ofStory, actors, report);
  }
  const rest = [...others].filter(([sha256]) => reported.has(sha256));
  if (rest.length > 0) yield html`<h3>Other certificates</h3>`;
  for (const [, each] of rest) yield usesArticle(each, actors, report);
  yield html`</section>
`;
  yield requestsSection(report.timeline, report.timelineOf);
  yield html`<section aria-labelledby="scan"><h2 id="scan">The scan</h2>
${factList(info.scan)}</section>
</main>
<script>${ownFile(script)}</script>
</body>
</html>
`;
}

function overviewSection({ counts, coverage }: PageReport): Html {
  const rows = overviewRows(counts, coverage)
    .filter(({ label }) => label !== 'Severity')
    .flatMap(({ label, values }) => values.map((value, index) => [index === 0 ? label : '', value] as const));
  const tiles = counts.severities.map(([severity, count]) => html`<li>${badge(severity)} ${count}</li>`);
  return html`<section aria-labelledby="overview"><h2 id="overview">Overview</h2>
${tiles.length === 0 ? undefined : html`<ul class="tiles">${tiles}</ul>`}${factList(rows)}</section>
`;
}

const maxOptions = 500;

/** Shown by the script, which it needs. */
function filterForm({ counts }: PageReport, actors: Actors): Html {
  const severities = counts.severities.map(
    ([severity]) =>
      html`<label><input type="checkbox" name="severity" value="${severity}" checked> ${severity}</label>`,
  );
  const options = [...actors]
    .slice(0, maxOptions)
    .map(([who, { number, findings }]) => html`<option value="${number}">${who} (${findings})</option>`);
  return html`<form id="filters" hidden>
<fieldset><legend>Severity</legend>${severities}</fieldset>
<label>Actor <select name="actor"><option value="">all</option>${options}</select></label>
<label>From (UTC) <input type="datetime-local" name="from" step="1"></label>
<label>Until (UTC) <input type="datetime-local" name="until" step="1"></label>
<button type="reset">Show all</button>
<p role="status" id="shown"></p>
</form>
`;
}

function pageFile(name: string): string {
  return readFileSync(packageFile(`cli/report/page/${name}`), 'utf8');
}

/** As the policy names the content of an inline element. */
function hashOf(content: string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}
