import type { RuleDefinition, RuleException } from './rule.ts';

export type Excepted =
  | { readonly ok: true; readonly definitions: readonly RuleDefinition[] }
  | { readonly ok: false; readonly errors: readonly string[] };

/**
 * Gives each rule the exceptions that name it.
 * @param known - ids of rules that an exception may name though they aren't among these, as switched-off ones
 * @returns errors where an exception names no rule, or two have one name
 */
export function applyExceptions(
  definitions: readonly RuleDefinition[],
  exceptions: readonly RuleException[],
  known: readonly string[] = [],
): Excepted {
  const ids = [...new Set([...definitions.map(({ info }) => info.id), ...known])];
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

/** An error for each id that is no rule's. */
export function unknownRules(exceptions: readonly RuleException[], ids: readonly string[]): string[] {
  return exceptions.flatMap(({ name, rules, file }) =>
    rules
      .filter((id) => !ids.includes(id))
      .map((id) => `${file}, exception ${name}: ${id} is no rule; they are ${ids.join(', ')}`),
  );
}

/** An error for each exception whose name another has already. */
export function repeatedNames(exceptions: readonly RuleException[]): string[] {
  const names = new Set<string>();
  return exceptions.flatMap(({ name, file }) => {
    if (names.has(name)) return [`${file}: another exception is named ${name} already`];
    names.add(name);
    return [];
  });
}
