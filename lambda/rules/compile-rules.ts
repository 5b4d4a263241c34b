import type { AuditRecord } from '../audit/audit-record.ts';
import { type Compiled, compile } from '../kql/compile.ts';
import { type LocatedProblem, locate } from '../kql/error.ts';
import { directly, type FieldCache, readOnce } from '../kql/field-cache.ts';
import { filterPattern } from '../kql/filter-pattern.ts';
import { literals } from '../kql/literals.ts';
import { selection } from '../kql/rule-selector.ts';
import type { Schema } from '../kql/schema.ts';
import type { LoadedRules } from './load-rules.ts';
import type { CompiledRule, RuleDefinition, RuleException, RuleSet } from './rule.ts';

/** What is wrong, or doubtful, in the condition of a rule or of one of its exceptions. */
export interface RuleProblem extends LocatedProblem {
  /** The rule's file, and the exception's name where it is in one. */
  readonly file: string;
}

export type CompiledRules =
  | { readonly ok: true; readonly ruleSet: RuleSet; readonly warnings: readonly RuleProblem[] }
  /** Every error of every rule. */
  | { readonly ok: false; readonly errors: readonly RuleProblem[] };

type CompiledQuery = Extract<Compiled<AuditRecord>, { ok: true }>;

export function compileRules(
  definitions: readonly RuleDefinition[],
  schema: Schema<AuditRecord>,
): CompiledRules {
  const sharing = readOnce<AuditRecord>();
  const errors: RuleProblem[] = [];
  const warnings: RuleProblem[] = [];
  const kept = (compiled: Compiled<AuditRecord>, file: string): CompiledQuery[] => {
    if (!compiled.ok) {
      errors.push(...compiled.errors.map((error) => ({ ...error, file })));
      return [];
    }
    warnings.push(...compiled.warnings.map((warning) => ({ ...warning, file })));
    return [compiled];
  };
  // one exception may be for many rules: it is compiled once
  const exceptions = new Map<string, readonly CompiledQuery[]>();
  const excepted = (exception: RuleException): readonly CompiledQuery[] => {
    const where = placeOf(exception);
    const compiled = exceptions.get(where) ?? kept(compileException(exception, schema, sharing), where);
    exceptions.set(where, compiled);
    return compiled;
  };
  const compiled = definitions.flatMap((definition) => {
    const { info, query, file } = definition;
    const conditions = kept(compile(query, schema, { sharing }), file);
    const exceptions = definition.exceptions.flatMap(excepted);
    return conditions.map(({ matches, requires, constant, query }) => ({
      query,
      requires,
      constant,
      rule: {
        info,
        matches:
          exceptions.length === 0
            ? matches
            : (record: AuditRecord) =>
                matches(record) && !exceptions.some((exception) => exception.matches(record)),
      },
    }));
  });
  if (errors.length > 0) return { ok: false, errors };
  const rules = compiled.map(({ rule }) => rule);
  // one that can't match, as a rule over another dataset, asks for no record
  const queries = compiled.flatMap(({ query, constant }) => (constant === false ? [] : [query]));
  const select = selection(
    compiled.map(({ requires }) => requires),
    sharing,
  );
  const ruleSet: RuleSet = {
    rules,
    literals: literals(queries, schema),
    // a cold start doesn't ask for it
    get filterPattern() {
      return filterPattern(queries, schema);
    },
    match(record) {
      const matched: CompiledRule[] = [];
      for (const index of select(record)) {
        const rule = rules[index];
        if (rule?.matches(record)) matched.push(rule);
      }
      return matched;
    },
  };
  return { ok: true, ruleSet, warnings };
}

/** The condition of an exception; one that holds for every event would silence its rules, so it is an error. */
export function compileException(
  { query }: RuleException,
  schema: Schema<AuditRecord>,
  sharing: FieldCache<AuditRecord> = directly(),
): Compiled<AuditRecord> {
  const compiled = compile(query, schema, { sharing });
  if (!compiled.ok || compiled.constant !== true) return compiled;
  const message = 'this holds for every event, so that its rules would never speak';
  const error = locate(query, { message, offset: 0 });
  return { ok: false, error, errors: [error] };
}

/** What is wrong, or doubtful, in the condition of an exception. */
export function checkException(
  exception: RuleException,
  schema: Schema<AuditRecord>,
): { readonly ok: true; readonly warnings: RuleProblem[] } | { readonly ok: false; errors: RuleProblem[] } {
  const compiled = compileException(exception, schema);
  const placed = (problem: LocatedProblem): RuleProblem => ({ ...problem, file: placeOf(exception) });
  return compiled.ok
    ? { ok: true, warnings: compiled.warnings.map(placed) }
    : { ok: false, errors: compiled.errors.map(placed) };
}

function placeOf({ file, name }: RuleException): string {
  return `${file}, exception ${name}`;
}

/** The errors of files that couldn't be read, and those of the conditions of the ones that could. */
export function printErrors(
  { errors, readable }: Extract<LoadedRules, { ok: false }>,
  schema: Schema<AuditRecord>,
): string[] {
  const problems = readable.flatMap((item): readonly RuleProblem[] => {
    const compiled = 'info' in item ? compileRules([item], schema) : checkException(item, schema);
    return compiled.ok ? [] : compiled.errors;
  });
  return [...errors, ...problems.map(printProblem)];
}

/** As a compiler prints a problem: the place, what is wrong, and the line with a caret. The lines are the query's, not the file's. */
export function printProblem({ file, line, column, message, excerpt }: RuleProblem): string {
  return `${file}: query line ${line}, column ${column}: ${message}\n${excerpt.replace(/^/gm, '    ')}`;
}
