import { isObject, stringAt, stringsAt } from '../json/read-json.ts';
import { readExamples } from './example.ts';
import type { RuleExample, RuleException } from './rule.ts';
import { type TomlTable, unknownKeys } from './toml.ts';

export interface LoadedException {
  readonly exception: RuleException;
  readonly examples: readonly RuleExample[];
}

export type ExceptionFile =
  | { readonly ok: true; readonly exceptions: readonly LoadedException[] }
  | { readonly ok: false; readonly messages: readonly string[] };

/** Reads `[[exceptions]]`: name, reason, rules, query, and examples of what each one matches. */
export function readExceptions(document: TomlTable, file: string): ExceptionFile {
  const messages: string[] = [];
  const complain = (message: string) => messages.push(message);
  for (const key of unknownKeys(document, ['exceptions'])) {
    complain(`${key}: a file of exceptions may only contain [[exceptions]]`);
  }
  const list = document['exceptions'];
  if (!Array.isArray(list))
    return { ok: false, messages: ['exceptions must be a list of tables: [[exceptions]]'] };
  const exceptions = list.flatMap((item, index) => {
    const where = `exceptions[${index}]`;
    const exception = readException(item, where, file, complain);
    const examples = readExamples(
      isObject(item) ? item['examples'] : undefined,
      `${where}.examples`,
      complain,
    );
    return exception ? [{ exception, examples }] : [];
  });
  return messages.length > 0 ? { ok: false, messages } : { ok: true, exceptions };
}

function readException(
  item: unknown,
  where: string,
  file: string,
  complain: (message: string) => void,
): RuleException | undefined {
  const name = stringAt(item, 'name');
  const reason = stringAt(item, 'reason');
  const query = stringAt(item, 'query');
  const rules = stringsAt(item, 'rules');
  if (name === undefined) complain(`${where}.name is missing`);
  if (reason === undefined) complain(`${where}.reason is missing: state why no alert is needed`);
  if (query === undefined) complain(`${where}.query, the condition in KQL, is missing`);
  if (rules.length === 0) complain(`${where}.rules, the ids of the rules it applies to, is missing`);
  for (const key of unknownKeys(item, ['name', 'reason', 'rules', 'query', 'examples'])) {
    complain(`${where}.${key}: unknown key; an exception has name, reason, rules, query and examples`);
  }
  if (name === undefined || reason === undefined || query === undefined || rules.length === 0)
    return undefined;
  return { name, reason, query, rules, file };
}
