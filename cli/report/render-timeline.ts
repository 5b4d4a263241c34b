import { timeParts } from '../../lambda/text/sortable-time.ts';
import { counted } from '../amounts.ts';
import { type Paper, paragraph, type Run } from './paper.ts';
import { type FoldedLine, rulesTouched, type Timeline } from './timeline.ts';

const indent = 24;

/** The timeline for a terminal: sessions by address and client, one line per request. */
export function renderTimeline(timeline: Timeline, subject: string, paper: Paper): string {
  const sessions = timeline.sessions();
  const title = paragraph(
    [
      [`Timeline of ${subject}:`, 'bold'],
      [`${counted(timeline.size, 'request')} in ${counted(sessions.length, 'session')}`],
    ],
    { first: '', indent: 2 },
    paper,
  );
  const parts = sessions.map(({ who, from, userAgent, lines }) => {
    const heading: Run[] = [
      [who, 'bold'],
      [`from ${from === '' ? 'no address' : from}`],
      ...(userAgent === '' ? [] : [[`with ${userAgent}`] as const]),
    ];
    let date = '';
    const rows = lines.map((line) => {
      const parts = timeParts(line.line.time);
      const clock = parts
        ? `${parts.date === date ? ''.padEnd(10) : parts.date} ${parts.clock}Z`
        : (line.line.time ?? '');
      date = parts?.date ?? '';
      return requestText(line, `  ${clock}`, paper);
    });
    return `${paragraph(heading, { first: '', indent: 2 }, paper)}${rows.join('')}`;
  });
  const rules = rulesTouched(sessions).map(([id, times]) => `${id} (${times})`);
  const touched =
    rules.length === 0 ? 'No rule matches any of these requests.' : `Rules: ${rules.join(', ')}`;
  const dropped =
    timeline.dropped === 0
      ? ''
      : ` ${counted(timeline.dropped, 'later request')} not shown: shorten the window with --since and --until.`;
  return `${title}${parts.join('')}${paragraph([[`${touched}${dropped}`]], { first: '', indent: 2 }, paper)}`;
}

function requestText({ line, times, until }: FoldedLine, margin: string, paper: Paper): string {
  const last = timeParts(until);
  const count = times === 1 ? '' : `×${times}${last ? ` until ${last.clock}Z` : ''}`;
  const isRefused = line.code !== undefined && line.code >= 400;
  const runs: Run[] = [
    [line.verb],
    [line.object, line.sensitive === undefined ? undefined : 'bold'],
    [line.code === undefined ? 'no answer' : `${line.code}`, isRefused ? 'yellow' : 'dim'],
    ...(count === '' ? [] : [[count] as const]),
    ...(line.sensitive === undefined ? [] : [[`! ${line.sensitive}`, 'red'] as const]),
    ...(line.rules.length === 0 ? [] : [[`rule ${line.rules.join(', ')}`, 'dim'] as const]),
  ];
  return paragraph(runs, { first: margin.padEnd(indent), indent }, paper);
}
