import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/own-fields.ts';
import { compileRules, printProblem } from '../../lambda/rules/compile.ts';
import { type LoadedRules, loadRules } from '../../lambda/rules/load.ts';
import type { RuleDefinition } from '../../lambda/rules/rule.ts';
import { pathsOrBuiltIn } from '../built-in-rules.ts';

type Say = (text: string) => void;

export function listRules(paths: readonly string[], say: Say): number {
  return withRules(paths, say, (definitions) => {
    for (const { info } of definitions) {
      say(`${info.id}  ${info.severity} (${info.riskScore})  ${info.name}\n`);
    }
    return 0;
  });
}

/** Explains in words what is derived from a rule. */
export function showRule(id: string, paths: readonly string[], say: Say): number {
  return withRules(paths, say, (definitions) => {
    const definition = definitions.find(({ info }) => info.id === id);
    if (!definition) {
      say(`rules: no rule has the id ${id}; they are ${definitions.map(({ info }) => info.id).join(', ')}\n`);
      return 2;
    }
    const compiled = compileRules([definition], auditSchema(csrwatchFields));
    if (!compiled.ok) {
      say(`${compiled.errors.map(printProblem).join('\n')}\n`);
      return 2;
    }
    const { needles, filterPattern } = compiled.ruleSet;
    say(`${definition.info.name}\n${definition.info.severity}, risk ${definition.info.riskScore}\n\n`);
    say(`It matches an audit event when\n\n${indented(definition.query.trim())}\n\n`);
    for (const exception of definition.exceptions) {
      say(`but not (${exception.name}: ${exception.reason}) when\n\n${indented(exception.query.trim())}\n\n`);
    }
    say(`${needlesInWords(needles)}\n\n${patternInWords(filterPattern)}\n`);
    return 0;
  });
}

function needlesInWords(needles: readonly string[] | null): string {
  if (needles === null) return 'No text stands in every event that it can match: every record is parsed.';
  const shown = needles.map((needle) => JSON.stringify(needle)).join(' or ');
  return `A record is parsed only where its bytes hold ${shown}, or an escape that could hide it.`;
}

function patternInWords(pattern: string): string {
  if (pattern === '') return 'AWS delivers every log event: no filter pattern can be derived from it.';
  return `AWS delivers only log events that fit the filter pattern\n\n${indented(pattern)}`;
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ');
}

function withRules(
  paths: readonly string[],
  say: Say,
  use: (definitions: readonly RuleDefinition[]) => number,
): number {
  const loaded: LoadedRules = loadRules(pathsOrBuiltIn(paths));
  if (loaded.ok) return use(loaded.rules.map(({ definition }) => definition));
  say(`${loaded.errors.join('\n')}\n`);
  return 2;
}
