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
  const errors = exceptions.flatMap(({ name, rules, file }) =>
    rules
      .filter((id) => !ids.includes(id))
      .map((id) => `${file}, exception ${name}: ${id} is no rule; they are ${ids.join(', ')}`),
  );
  const names = exceptions.map(({ name }) => name);
  for (const [index, { name, file }] of exceptions.entries()) {
    if (names.indexOf(name) < index) errors.push(`${file}: another exception is named ${name} already`);
  }
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
