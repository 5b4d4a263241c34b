import type { AuditRecord } from '../audit/event.ts';
import { compile } from '../kql/compile.ts';
import type { LocatedProblem } from '../kql/error.ts';
import { filterPattern } from '../kql/filter-pattern.ts';
import { needles } from '../kql/needles.ts';
import type { Schema } from '../kql/schema.ts';
import type { Query } from '../kql/tree.ts';
import type { CompiledRule, RuleDefinition, RuleSet } from './rule.ts';

/** What is wrong, or doubtful, in the condition of a rule or of one of its exceptions. */
export interface RuleProblem extends LocatedProblem {
  /** The rule's file, and the exception's name where it is in one. */
  readonly file: string;
}

export type CompiledRules =
  | { readonly ok: true; readonly ruleSet: RuleSet; readonly warnings: readonly RuleProblem[] }
  /** Every error of every rule. */
  | { readonly ok: false; readonly errors: readonly RuleProblem[] };

export function compileRules(
  definitions: readonly RuleDefinition[],
  schema: Schema<AuditRecord>,
): CompiledRules {
  const errors: RuleProblem[] = [];
  const warnings: RuleProblem[] = [];
  const queries: Query[] = [];
  const compileOne = (text: string, file: string) => {
    const compiled = compile(text, schema);
    if (!compiled.ok) errors.push({ ...compiled.error, file });
    else warnings.push(...compiled.warnings.map((warning) => ({ ...warning, file })));
    return compiled.ok ? compiled : undefined;
  };
  const rules = definitions.map(({ info, query, exceptions, file }): CompiledRule => {
    const condition = compileOne(query, file);
    const excepted = exceptions.map(({ name, query }) => compileOne(query, `${file}, exception ${name}`));
    if (condition) queries.push(condition.query);
    return {
      info,
      matches: (record) =>
        condition?.matches(record) === true && !excepted.some((exception) => exception?.matches(record)),
    };
  });
  if (errors.length > 0) return { ok: false, errors };
  const ruleSet: RuleSet = {
    rules,
    needles: needles(queries, schema),
    filterPattern: filterPattern(queries, schema),
    match: (record) => rules.filter((rule) => rule.matches(record)),
  };
  return { ok: true, ruleSet, warnings };
}

/** A problem as a compiler prints one: the place, what is wrong, and the line with a caret. */
export function printProblem({ file, line, column, message, excerpt }: RuleProblem): string {
  return `${file}:${line}:${column}: ${message}\n${excerpt.replace(/^/gm, '    ')}`;
}
