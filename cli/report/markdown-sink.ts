import type { CertificateUses } from './certificate-uses.ts';
import { overviewRows } from './overview.ts';
import type { PeopleOptions, PeopleSink } from './people-reporter.ts';
import { printingSink } from './printing-sink.ts';
import type { Print } from './reporter.ts';
import { shown } from './shown-text.ts';
import type { Story } from './stories.ts';
import type { Entry } from './story-entry.ts';
import { factsOf, folded, stepsOf, titleOf } from './story-text.ts';
import { inTime } from './story-time.ts';
import { type FoldedLine, rulesTouched, type Timeline } from './timeline.ts';
import { usesText } from './uses-text.ts';

/** For a ticket. Text of the log is in code spans, where no name can be a link, a mention or markup. */
export function markdownSink(print: Print, options: PeopleOptions): PeopleSink {
  const explained = new Set<string>();
  return printingSink(print, options, {
    overview: (counts, coverage) =>
      `## Overview\n\n${overviewRows(counts, coverage)
        .map(({ label, values }) => `- **${label}:** ${values.map(code).join(', ')}\n`)
        .join('')}`,
    story: (story, uses) => `${storyText(story, explained)}${uses.map(usesList).join('')}`,
    uses: (uses) =>
      `## Certificate ${code(shown(uses.followed.issuance.csrName ?? uses.followed.certificate.sha256, 100))}\n\n${usesList(uses)}`,
    timeline: timelineText,
    note: (text) => `${text}\n`,
  });
}

function storyText({ entries, severity }: Story, explained: Set<string>): string {
  const ordered = inTime(entries);
  const [first] = ordered;
  if (first === undefined) return '';
  const cluster = first.cluster === undefined ? '' : ` in ${code(first.cluster)}`;
  const facts = factsOf(ordered).map(([label, value]) => `- **${label}:** ${code(value)}\n`);
  const events = folded(ordered).map(({ entry, times }, index) =>
    eventText(entry, times, index + 1, explained),
  );
  return [
    `## ${severity.toUpperCase()}: ${code(titleOf(ordered))}${cluster}\n\n`,
    `${code(stepsOf(ordered))}\n\n`,
    ...(facts.length > 0 ? [...facts, '\n'] : []),
    ...events,
  ].join('');
}

function usesList(uses: CertificateUses): string {
  return usesText(uses)
    .map(([label, value]) => (label === '' ? `  - ${code(value)}\n` : `- **${label}:** ${code(value)}\n`))
    .join('');
}

function eventText(entry: Entry, times: number, number: number, explained: Set<string>): string {
  const answer = [entry.mark, entry.code ?? ''].filter((part) => part !== '').join(', ');
  const about = [
    `${code(entry.time ?? 'no time')} **${text(entry.action)}**${answer === '' ? '' : ` (${text(answer)})`}${times === 1 ? '' : ` ×${times}`}`,
    `by ${code(entry.who)}`,
    ...(entry.from === '' ? [] : [`from ${code(entry.from)}`]),
    ...(entry.userAgent === undefined ? [] : [`with ${code(entry.userAgent)}`]),
    ...(entry.isContext ? ['(no finding)'] : []),
  ].join(' ');
  const isNew = (key: string) => !explained.has(key) && explained.add(key);
  const signals = entry.signals.map(({ id, sentence, raises }) =>
    isNew(`${id} ${sentence}`) || raises ? `   - ${text(id)}: ${code(sentence)}\n` : `   - ${text(id)}\n`,
  );
  const rules = entry.rules.map(code).join(', ');
  const where = `   - ${entry.isContext ? '' : `rule ${rules}, `}at ${entry.places.map(code).join(', ')}\n`;
  return `${number}. ${about}\n${signals.join('')}${where}`;
}

function timelineText(timeline: Timeline, subject: string): string {
  const sessions = timeline.sessions();
  const parts = sessions.map(
    ({ who, from, userAgent, lines }) =>
      `### ${code([who, `from ${from || 'no address'}`, ...(userAgent ? [`with ${userAgent}`] : [])].join(' '))}\n\n${lines.map(requestText).join('')}\n`,
  );
  const rules = rulesTouched(sessions).map(([id, times]) => `${code(id)} (${times})`);
  const dropped =
    timeline.dropped === 0
      ? ''
      : ` ${timeline.dropped} later requests are not shown: shorten the window with --since and --until.`;
  return `## Timeline of ${code(subject)}\n\n${parts.join('')}Rules: ${rules.join(', ') || 'none'}.${dropped}\n`;
}

function requestText({ line, times }: FoldedLine): string {
  const sensitive = line.sensitive === undefined ? '' : ` **${line.sensitive}**`;
  return `- ${code(line.time ?? 'no time')} ${code(`${line.verb} ${line.object}`)} ${line.code ?? 'no answer'}${times === 1 ? '' : ` ×${times}`}${sensitive}\n`;
}

/** Visible text has no line ends. The fence is longer than any run of backticks in it. */
function code(value: string): string {
  const longest = Math.max(0, ...[...value.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = value.startsWith('`') || value.endsWith('`') ? ' ' : '';
  return value === '' ? '' : `${fence}${space}${value}${space}${fence}`;
}

/** Short text outside code: everything but letters, digits and spaces is escaped. */
function text(value: string): string {
  return value.replace(/[^\p{L}\p{N} ,-]/gu, '\\$&');
}
