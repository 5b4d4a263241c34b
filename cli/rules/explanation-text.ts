import { plainTextStyle, quoted } from '../../lambda/text/quoted-text.ts';
import type { ExplainedClause } from './explain-condition.ts';
import type { ExplainedEvent, ExplainedRule } from './explained-event.ts';

const maxCharacters = 300;

/** Which clauses hold, as lines. Rules that match come first, then those that fail least. */
export function explanationText({ auditID, verb, user, rules }: ExplainedEvent): string {
  const head = `Event ${shown(auditID)}: ${shown(verb)} by ${shown(user)}\n`;
  const sorted = [...rules].sort(
    (a, b) => Number(b.matches) - Number(a.matches) || failures(a.condition) - failures(b.condition),
  );
  return `${head}${sorted.map(ruleText).join('')}`;
}

function shown(text: string | null): string {
  return text === null ? '(absent)' : quoted(text, maxCharacters);
}

/** Clauses of the conjunction that do not hold. */
function failures({ holds, parts }: ExplainedClause): number {
  return holds ? 0 : Math.max(1, parts?.filter((part) => !part.holds).length ?? 1);
}

function ruleText({ rule, matches, condition, exceptions }: ExplainedRule): string {
  const title = `\n${rule}: ${matches ? 'matches' : 'does not match'}\n`;
  const suppressed = exceptions.map(
    ({ name, reason, condition }) =>
      `  excluded by the exception ${name}: ${plainTextStyle.plain(reason, maxCharacters)}\n${lines(condition, 2)}`,
  );
  return `${title}${topClauses(condition)
    .map((clause) => lines(clause, 1))
    .join('')}${suppressed.join('')}`;
}

function topClauses(condition: ExplainedClause): readonly ExplainedClause[] {
  return condition.kind === 'and' ? (condition.parts ?? [condition]) : [condition];
}

/** Of alternatives, those that hold are enough to see why. A negation of one comparison is one line, with its values. */
function lines({ kind, clause, holds, values, parts = [] }: ExplainedClause, depth: number): string {
  const indent = '  '.repeat(depth);
  const [negated] = kind === 'not' ? parts : [];
  const own = `${indent}${holds ? 'yes' : 'no '}  ${clause.slice(0, maxCharacters)}${valuesText(values ?? negated?.values)}\n`;
  if (negated?.values) return own;
  const shownParts = kind === 'or' && holds ? parts.filter((part) => part.holds) : parts;
  return `${own}${shownParts.map((part) => lines(part, depth + 1)).join('')}`;
}

function valuesText(values: ExplainedClause['values']): string {
  return Object.entries(values ?? {})
    .map(([, found]) => (found.length === 0 ? '   (absent)' : `   it is ${found.map(valueText).join(', ')}`))
    .join('');
}

function valueText(value: unknown): string {
  return quoted(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), 120);
}
