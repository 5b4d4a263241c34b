import type { AuditRecord } from '../audit/audit-record.ts';
import { credentialIdScheme } from '../audit/credential-id.ts';
import { subjectFields } from '../findings/subject-fields.ts';
import { type Compiled, compile } from '../kql/compile.ts';
import { type LocatedProblem, locate } from '../kql/error.ts';
import { createFieldCache, type FieldCache, noFieldCache } from '../kql/field-cache.ts';
import { maxLiterals, prefilterLiterals } from '../kql/literals.ts';
import { namesField } from '../kql/names-field.ts';
import type { PrefilterLiteral } from '../kql/prefilter-literal.ts';
import { createRuleSelector } from '../kql/rule-selector.ts';
import type { Schema } from '../kql/schema.ts';
import { everything, type SubscriptionFilter, subscriptionFilter } from '../kql/subscription-filter.ts';
import type { LoadedRules } from './load-rules.ts';
import type { CompiledRule, RuleDefinition, RuleException, RuleSet } from './rule.ts';
import type { RuleProblem } from './rule-problem.ts';

export type CompiledRules =
  | { readonly ok: true; readonly ruleSet: RuleSet; readonly warnings: readonly RuleProblem[] }
  /** With every error of every rule. */
  | { readonly ok: false; readonly errors: readonly RuleProblem[] };

type CompiledQuery = Extract<Compiled<AuditRecord>, { ok: true }>;

/** What a rule set is made of. */
interface CompiledDefinition extends Pick<CompiledQuery, 'query' | 'requires' | 'constant'> {
  readonly rule: CompiledRule;
  readonly readsSubject: boolean;
  readonly isAboutUses: boolean;
}

export function compileRules(
  definitions: readonly RuleDefinition[],
  schema: Schema<AuditRecord>,
): CompiledRules {
  const cache = createFieldCache<AuditRecord>();
  const errors: RuleProblem[] = [];
  const warnings: RuleProblem[] = [];
  const collect = (compiled: Compiled<AuditRecord>, source: RuleSource): CompiledQuery[] => {
    if (!compiled.ok) {
      errors.push(...compiled.errors.map((error) => ruleProblem(error, source)));
      return [];
    }
    warnings.push(...compiled.warnings.map((warning) => ruleProblem(warning, source)));
    return [compiled];
  };
  // an exception that several rules have is compiled once
  const compiledExceptions = new Map<string, readonly CompiledQuery[]>();
  const compileOnce = (exception: RuleException): readonly CompiledQuery[] => {
    const key = JSON.stringify([exception.file, exception.name]);
    const compiled =
      compiledExceptions.get(key) ?? collect(compileException(exception, schema, cache), exception);
    compiledExceptions.set(key, compiled);
    return compiled;
  };
  const compiled = definitions.flatMap((definition): CompiledDefinition[] => {
    const conditions = collect(compile(definition.query, schema, { cache }), definition);
    const exceptions = definition.exceptions.flatMap(compileOnce);
    return conditions.map(({ matches, requires, constant, query }) => ({
      query,
      requires,
      constant,
      readsSubject: [query, ...exceptions.map((exception) => exception.query)].some((each) =>
        namesField(each, subjectFields),
      ),
      isAboutUses: definition.appliesTo === 'certificate-uses',
      rule: {
        info: definition.info,
        matches:
          exceptions.length === 0
            ? matches
            : (record) => matches(record) && !exceptions.some((exception) => exception.matches(record)),
      },
    }));
  });
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, ruleSet: createRuleSet(compiled, schema, cache), warnings };
}

/** Shows which certificates are to be followed: a rule about their uses needs these events too. */
const issuances = 'kubernetes.audit.objectRef.resource:"certificatesigningrequests"';

function createRuleSet(
  all: readonly CompiledDefinition[],
  schema: Schema<AuditRecord>,
  cache: FieldCache<AuditRecord>,
): RuleSet {
  const compiled = all.filter(({ isAboutUses }) => !isAboutUses);
  const useRules = all.filter(({ isAboutUses }) => isAboutUses).map(({ rule }) => rule);
  const rules = compiled.map(({ rule }) => rule);
  // a rule that can't match, such as one for another dataset, needs no record
  const canMatch = compiled.filter(({ constant }) => constant !== false);
  const followed = useRules.length === 0 ? undefined : compile(issuances, schema);
  const queries = [...canMatch.map(({ query }) => query), ...(followed?.ok ? [followed.query] : [])];
  const select = createRuleSelector(
    compiled.map(({ requires }) => requires),
    cache,
  );
  const literals = prefilterLiterals(queries, schema);
  const filterWith = (more: readonly PrefilterLiteral[]): SubscriptionFilter =>
    literals
      ? subscriptionFilter([...literals, ...more], [legacyLineStart])
      : everything(whyNoLiterals(canMatch, schema));
  return {
    rules,
    useRules,
    literals: literals?.map(({ text, ignoreCase }) => (ignoreCase ? { ignoreCase: text } : text)) ?? null,
    filter: filterWith([]),
    followingFilter: filterWith(useRules.length === 0 ? [] : [credentialId]),
    readsSubject: compiled.some(({ readsSubject }) => readsSubject),
    match(record) {
      const matched: CompiledRule[] = [];
      for (const index of select(record)) {
        const rule = rules[index];
        if (rule?.matches(record)) matched.push(rule);
      }
      return matched;
    },
  };
}

function whyNoLiterals(compiled: readonly CompiledDefinition[], schema: Schema<AuditRecord>): string {
  const without = compiled.filter(({ query }) => prefilterLiterals([query], schema) === null);
  if (without.length === 0) return `the rules have more than ${maxLiterals} literals`;
  const ids = without.map(({ rule }) => rule.info.id).join(', ');
  return `no string is certain to be in every event that ${ids} can match`;
}

/** A line of the legacy format may hide a literal: its URI may be percent-encoded, and it names no resource. */
const legacyLineStart = 'AUDIT: id=';

/** Of a client certificate. An equals sign and the fingerprint follow, so it is no whole word. */
const credentialId: PrefilterLiteral = { text: credentialIdScheme, isWholeWord: false, ignoreCase: false };

/** The condition of an exception. One that is true for every event is an error: it would disable its rules. */
export function compileException(
  { query }: RuleException,
  schema: Schema<AuditRecord>,
  cache: FieldCache<AuditRecord> = noFieldCache(),
): Compiled<AuditRecord> {
  const compiled = compile(query, schema, { cache });
  if (!compiled.ok || compiled.constant !== true) return compiled;
  const message = 'this matches every event, so the rules of the exception would never match';
  const error = locate(query, { message, offset: 0 });
  return { ok: false, error, errors: [error] };
}

/** The errors and warnings of an exception's condition. */
export function checkException(
  exception: RuleException,
  schema: Schema<AuditRecord>,
):
  | { readonly ok: true; readonly warnings: readonly RuleProblem[] }
  | { readonly ok: false; readonly errors: readonly RuleProblem[] } {
  const compiled = compileException(exception, schema);
  const inException = (problem: LocatedProblem) => ruleProblem(problem, exception);
  return compiled.ok
    ? { ok: true, warnings: compiled.warnings.map(inException) }
    : { ok: false, errors: compiled.errors.map(inException) };
}

/** The errors of files that can't be read, and those of the conditions in the files that can. */
export function allErrors(
  { errors, readable }: Extract<LoadedRules, { ok: false }>,
  schema: Schema<AuditRecord>,
): RuleProblem[] {
  const inConditions = readable.flatMap((item) => {
    const compiled = 'info' in item ? compileRules([item], schema) : checkException(item, schema);
    return compiled.ok ? [] : compiled.errors;
  });
  return [...errors, ...inConditions];
}

type RuleSource = Pick<RuleDefinition, 'file'> | Pick<RuleException, 'file' | 'name'>;

function ruleProblem({ message, line, column, excerpt }: LocatedProblem, source: RuleSource): RuleProblem {
  const exception = 'name' in source ? { exception: source.name } : {};
  return { file: source.file, ...exception, message, line, column, excerpt };
}
