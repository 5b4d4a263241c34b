import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import type { SearchedText } from '../../lambda/framing/search-patterns.ts';
import type { SubscriptionFilter } from '../../lambda/kql/subscription-filter.ts';
import { allErrors, compileRules } from '../../lambda/rules/compile-rules.ts';
import { type LoadedRules, loadRules } from '../../lambda/rules/load-rules.ts';
import type { RuleDefinition, RuleException } from '../../lambda/rules/rule.ts';
import { printProblem, printWarning } from '../../lambda/rules/rule-problem.ts';
import { pathsOrBuiltIn, pathsOrEverythingBuiltIn } from '../built-in-rules.ts';

type Say = (text: string) => void;
type Loaded = Extract<LoadedRules, { ok: true }>;

/** Lists the rules, and the exceptions in the same files or those that are ready to use. */
export function listRules(paths: readonly string[], say: Say): number {
  return withRules(pathsOrEverythingBuiltIn(paths), say, ({ rules, exceptions }) => {
    const width = Math.max(...rules.map(({ definition }) => definition.info.id.length));
    for (const { info } of rules.map(({ definition }) => definition)) {
      say(`${info.id.padEnd(width)}  ${`${info.severity} (${info.riskScore})`.padEnd(13)}  ${info.name}\n`);
    }
    if (exceptions.length === 0) return 0;
    say(`\n${paths.length > 0 ? 'Exceptions' : 'Predefined exceptions, off by default'}\n\n`);
    const names = Math.max(...exceptions.map(({ exception }) => exception.name.length));
    for (const { exception } of exceptions) say(`${exception.name.padEnd(names)}  ${exception.reason}\n`);
    return 0;
  });
}

/** Explains the condition of a rule or an exception, and what is derived from it. */
export function showRule(id: string, paths: readonly string[], say: Say): number {
  return withRules(pathsOrBuiltIn(paths), say, ({ rules }) => {
    const definitions = rules.map(({ definition }) => definition);
    const definition = definitions.find(({ info }) => info.id === id);
    if (definition) return showDefinition(definition, say);
    return withRules(pathsOrEverythingBuiltIn(paths), say, ({ exceptions }) => {
      const found = exceptions.find(({ exception }) => exception.name === id);
      if (found) {
        showException(found.exception, say);
        return 0;
      }
      const names = [
        ...definitions.map(({ info }) => info.id),
        ...exceptions.map(({ exception }) => exception.name),
      ];
      say(`rules: no rule or exception is called ${id}; they are ${names.join(', ')}\n`);
      return 2;
    });
  });
}

function showDefinition(definition: RuleDefinition, say: Say): number {
  const compiled = compileRules([definition], auditSchema(csrwatchFields));
  if (!compiled.ok) {
    say(`${compiled.errors.map(printProblem).join('\n')}\n`);
    return 2;
  }
  const { info, query, exceptions, setup } = definition;
  const { literals, filter } = compiled.ruleSet;
  say(`${info.name}\n${info.severity}, risk ${info.riskScore}\n\n`);
  say(
    `${definition.appliesTo === 'certificate-uses' ? 'It is evaluated on the uses of certificates whose issuance was seen, and matches one' : 'It matches an audit event'} when\n\n${indented(query.trim())}\n\n`,
  );
  for (const exception of exceptions) {
    say(`but not (${exception.name}: ${exception.reason}) when\n\n${indented(exception.query.trim())}\n\n`);
  }
  say(`${describeLiterals(literals)}\n\n${describeFilter(filter)}\n`);
  if (setup !== undefined) say(`\nIt needs\n\n${indented(setup.trim())}\n`);
  if (compiled.warnings.length > 0) say(`\n${compiled.warnings.map(printWarning).join('\n')}\n`);
  return 0;
}

function showException({ name, reason, rules, query }: RuleException, say: Say): void {
  say(`Exception ${name}\n${reason}\n\nIf it is enabled, ${rules.join(', ')} does not match when\n\n`);
  say(
    `${indented(query.trim())}\n\nNothing else changes: AWS delivers and csrwatch reads the same events as before.\n`,
  );
}

function describeLiterals(literals: readonly SearchedText[] | null): string {
  if (literals === null)
    return 'No string is certain to be in every record that it can match: every record is parsed.';
  if (literals.length === 0) return 'It can never match: no record is parsed for it.';
  const shown = literals
    .map((literal) =>
      typeof literal === 'string'
        ? JSON.stringify(literal)
        : `${JSON.stringify(literal.ignoreCase)} in any case`,
    )
    .join(' or ');
  return `A record is parsed only if it contains ${shown}, or an escape that could hide it.`;
}

function describeFilter(filter: SubscriptionFilter): string {
  switch (filter.kind) {
    case 'everything':
      return `CloudWatch Logs delivers every log event: ${filter.reason}.`;
    case 'terms':
      return `CloudWatch Logs delivers only log events that contain one of these terms\n\n${indented(filter.pattern)}`;
    case 'expression':
      return `CloudWatch Logs delivers only log events that match this regular expression\n\n${indented(filter.pattern)}`;
  }
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ');
}

function withRules(paths: readonly string[], say: Say, use: (loaded: Loaded) => number): number {
  const loaded = loadRules(paths);
  if (loaded.ok) return use(loaded);
  say(`${allErrors(loaded, auditSchema(csrwatchFields)).map(printProblem).join('\n')}\n`);
  return 2;
}
