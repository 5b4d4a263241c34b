import { counted } from '../../amounts.ts';
import { shown } from '../shown-text.ts';
import { type FoldedLine, rulesTouched, type Session, type Timeline } from '../timeline.ts';
import { type Html, html } from './html.ts';
import { timeElement } from './story-article.ts';

/** A browser shows so many rows at once. */
const maxRows = 5_000;

/** What the actor of `--actor` did, or who used the certificate: a table of requests for each session. */
export function requestsSection(timeline: Timeline, subject: string | undefined): Html | undefined {
  if (subject === undefined || timeline.size === 0) return undefined;
  const sessions = timeline.sessions();
  const rules = rulesTouched(sessions).map(([id, times]) => `${id} (${times})`);
  let room = maxRows;
  const tables = sessions.map((session) => {
    const lines = session.lines.slice(0, room);
    room -= lines.length;
    return lines.length === 0 ? html`` : sessionTable(session, lines);
  });
  const rows = sessions.reduce((sum, { lines }) => sum + lines.length, 0);
  const more = Math.max(0, rows - maxRows) + timeline.dropped;
  return html`<section aria-labelledby="requests"><h2 id="requests">Requests: ${shown(subject, 300)}</h2>
<p>${counted(timeline.size, 'request')} in ${counted(sessions.length, 'session')}. ${rules.length === 0 ? 'No rule matches any of them.' : `Rules: ${rules.join(', ')}.`}</p>
${tables}${more === 0 ? undefined : html`<p class="note">${more} later requests are not shown.</p>`}</section>
`;
}

function sessionTable({ who, from, userAgent }: Session, lines: readonly FoldedLine[]): Html {
  const rows = lines.map(
    ({
      line,
      times,
    }) => html`<tr${line.sensitive === undefined ? undefined : html` class="sensitive"`}><td>${timeElement(line.time)}</td><td>${line.verb} ${line.object}${times === 1 ? '' : ` ×${times}`}</td><td>${line.code ?? 'no answer'}</td><td>${[line.sensitive, ...line.rules].filter((part) => part !== undefined).join(', ')}</td></tr>
`,
  );
  return html`<details open><summary>${who} from ${from === '' ? 'no address' : from}${userAgent === '' ? '' : ` with ${userAgent}`}</summary>
<table><thead><tr><th scope="col">Time</th><th scope="col">Request</th><th scope="col">Answer</th><th scope="col">Marks and rules</th></tr></thead><tbody>
${rows}</tbody></table></details>
`;
}
