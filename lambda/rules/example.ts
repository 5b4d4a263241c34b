import { auditFormats } from '../audit/audit-record.ts';
import { isObject, stringAt } from '../json/read-json.ts';
import type { RuleExample } from './rule.ts';

/**
 * The examples of a rule or an exception: `[[…examples]]` with name, matches, event and, if the event is not
 * JSON as a whole, format: `legacy` or `truncated`.
 * @param where - the list's name, for messages
 */
export function readExamples(
  list: unknown,
  where: string,
  complain: (message: string) => void,
): RuleExample[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) {
    complain(`${where} must be a list of tables: [[${where}]]`);
    return [];
  }
  return list.flatMap((item, index) => {
    const at = `${where}[${index}]`;
    const name = stringAt(item, 'name');
    const matches = isObject(item) ? item['matches'] : undefined;
    const named = stringAt(item, 'format') ?? 'json';
    const format = auditFormats.find((known) => known === named);
    const event = eventOf(isObject(item) ? item['event'] : undefined);
    if (name === undefined) complain(`${at}.name is missing`);
    if (typeof matches !== 'boolean') complain(`${at}.matches must be true or false`);
    if (event === undefined) complain(`${at}.event must be an audit event, as a table or as JSON text`);
    if (format === undefined) complain(`${at}.format must be one of ${auditFormats.join(', ')}`);
    return name === undefined || format === undefined || typeof matches !== 'boolean' || event === undefined
      ? []
      : [{ name, matches, format, event }];
  });
}

function eventOf(value: unknown): RuleExample['event'] | undefined {
  if (typeof value !== 'string') return isObject(value) ? value : undefined;
  try {
    const event: unknown = JSON.parse(value);
    return isObject(event) ? event : undefined;
  } catch {
    return undefined;
  }
}
