import type { RuleDefinition, RuleException } from './rule.ts';
import type { RuleProblem } from './rule-problem.ts';

export type AppliedExceptions =
  | { readonly ok: true; readonly definitions: readonly RuleDefinition[] }
  | { readonly ok: false; readonly errors: readonly RuleProblem[] };

/**
 * Adds to each rule the exceptions that name it.
 * @returns errors if an exception names an unknown rule, or two exceptions have one name
 */
export function applyExceptions(
  definitions: readonly RuleDefinition[],
  exceptions: readonly RuleException[],
): AppliedExceptions {
  const ids = definitions.map(({ info }) => info.id);
  const errors = [...unknownRules(exceptions, ids), ...repeatedNames(exceptions)];
  if (errors.length > 0) return { ok: false, errors };
  return {
    ok: true,
    definitions: definitions.map((definition) => ({
      ...definition,
      exceptions: [
        ...definition.exceptions,
        ...exceptions.filter(({ rules }) => rules.includes(definition.info.id)),
      ],
    })),
  };
}

/** An error for each rule id that an exception names and no rule has. */
export function unknownRules(exceptions: readonly RuleException[], ids: readonly string[]): RuleProblem[] {
  return exceptions.flatMap(({ name, rules, file }) =>
    rules
      .filter((id) => !ids.includes(id))
      .map((id) => ({
        file,
        exception: name,
        message: `no rule is named ${id}; the rules are ${ids.join(', ')}`,
      })),
  );
}

/** @param taken - names of earlier exceptions */
export function repeatedNames(
  exceptions: readonly RuleException[],
  taken: readonly string[] = [],
): RuleProblem[] {
  const names = new Set(taken);
  return exceptions.flatMap(({ name, file }) => {
    if (names.has(name)) return [{ file, message: `another exception has the name ${name}` }];
    names.add(name);
    return [];
  });
}
