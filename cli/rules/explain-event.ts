import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { withSubject } from '../../lambda/findings/subject-fields.ts';
import { stringAt } from '../../lambda/json/read-json.ts';
import { parse } from '../../lambda/kql/parse.ts';
import { allErrors, compileRules } from '../../lambda/rules/compile-rules.ts';
import { loadRules } from '../../lambda/rules/load-rules.ts';
import type { RuleDefinition } from '../../lambda/rules/rule.ts';
import { printProblem } from '../../lambda/rules/rule-problem.ts';
import { scan } from '../../lambda/scan/scan-input.ts';
import { pathsOrBuiltIn } from '../built-in-rules.ts';
import { byteInput } from '../scan/file-input.ts';
import { type ExplainedClause, explainCondition } from './explain-condition.ts';
import type { ExplainedEvent } from './explained-event.ts';
import { explanationText } from './explanation-text.ts';

interface Output {
  readonly say: (text: string) => void;
  readonly warn: (text: string) => void;
}

/**
 * Shows for each rule why it matches an event, or why not.
 * @param path - a file in any format that a scan reads; `-` is standard input
 * @param rulePaths - rule files and exceptions, instead of the built-in rules
 * @returns the exit status: 2 if the file has no audit event
 */
export async function explainEvents(
  path: string,
  rulePaths: readonly string[],
  format: 'text' | 'json',
  { say, warn }: Output,
): Promise<number> {
  const schema = auditSchema(csrwatchFields);
  const loaded = loadRules(pathsOrBuiltIn(rulePaths));
  if (!loaded.ok) {
    warn(`${allErrors(loaded, schema).map(printProblem).join('\n')}\n`);
    return 2;
  }
  const definitions = loaded.rules.map(({ definition }) => definition);
  const compiled = compileRules(definitions, schema);
  if (!compiled.ok) {
    warn(`${compiled.errors.map(printProblem).join('\n')}\n`);
    return 2;
  }
  const events: ExplainedEvent[] = [];
  const report = await scan(
    byteInput({ kind: 'file', path }, { cluster: null, signal: new AbortController().signal }),
    {
      literals: null,
      onRecord: async (record) => {
        const complete = await withSubject(record);
        events.push(explainEvent(definitions, complete, schema));
      },
    },
  );
  for (const { reason } of report.rejections) warn(`rules: a record was rejected: ${reason}\n`);
  if (report.fault) warn(`rules: ${path}: ${report.fault.reason}\n`);
  if (events.length === 0) {
    warn(`rules: ${path === '-' ? 'standard input' : path} contains no audit event\n`);
    return 2;
  }
  say(
    format === 'json' ? `${JSON.stringify(events, undefined, 2)}\n` : events.map(explanationText).join('\n'),
  );
  return 0;
}

function explainEvent(
  definitions: readonly RuleDefinition[],
  record: AuditRecord,
  schema: ReturnType<typeof auditSchema>,
): ExplainedEvent {
  const conditionOf = (text: string): ExplainedClause => {
    const parsed = parse(text);
    // the rules compile
    if (!parsed.ok) return { kind: 'everything', clause: text, holds: false };
    return explainCondition(parsed.query, record, schema);
  };
  const { event } = record;
  return {
    auditID: stringAt(event, 'auditID') ?? null,
    verb: stringAt(event, 'verb') ?? null,
    user: stringAt(event, 'user', 'username') ?? null,
    rules: definitions.map(({ info, query, exceptions }) => {
      const condition = conditionOf(query);
      const holding = exceptions
        .map(({ name, reason, query }) => ({ name, reason, condition: conditionOf(query) }))
        .filter((exception) => exception.condition.holds);
      return {
        rule: info.id,
        matches: condition.holds && holding.length === 0,
        condition,
        exceptions: holding,
      };
    }),
  };
}
