import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { withSubject } from '../../lambda/findings/subject-fields.ts';
import type { Schema } from '../../lambda/kql/schema.ts';
import { exceptionPath, predefinedNames } from '../../lambda/rules/built-in.ts';
import { compileException } from '../../lambda/rules/compile-rules.ts';
import { readRules } from '../../lambda/rules/load-rules.ts';
import type { RuleException } from '../../lambda/rules/rule.ts';
import { counted } from '../amounts.ts';

/** Counts the findings that predefined exceptions would have suppressed. */
export interface PredefinedAdvice {
  add(record: AuditRecord, findings: readonly Finding[]): Promise<void>;
  /** A line for each of them, the most useful first. */
  text(): string;
}

/**
 * @param cluster - the name that overrides those in the logs
 * @param applied - names of exceptions that the scan applies already
 */
export function createPredefinedAdvice(cluster: string | null, applied: readonly string[]): PredefinedAdvice {
  // loaded at the first finding
  let counters: Counter[] | undefined;
  return {
    async add(record, findings) {
      if (findings.length === 0) return;
      const read = await withSubject(record);
      counters ??= countersOf(auditSchema(csrwatchFields, { cluster }), applied);
      for (const counter of counters) {
        const { rules } = counter.exception;
        const suppressible = findings.filter(({ rule }) => rules.includes(rule.id)).length;
        if (suppressible > 0 && counter.matches(read)) counter.findings += suppressible;
      }
    },
    text: () =>
      (counters ?? [])
        .filter(({ findings }) => findings > 0)
        .sort((a, b) => b.findings - a.findings)
        .map(({ exception: { name }, findings }) => {
          return `the exception ${name} would suppress ${counted(findings, 'finding')} (--except ${name})\n`;
        })
        .join(''),
  };
}

interface Counter {
  readonly exception: RuleException;
  readonly matches: (record: AuditRecord) => boolean;
  findings: number;
}

function countersOf(schema: Schema<AuditRecord>, applied: readonly string[]): Counter[] {
  const paths = predefinedNames()
    .filter((name) => !applied.includes(name))
    .map(exceptionPath);
  const exceptions = readRules(paths).flatMap((read) =>
    read.ok && read.kind === 'exceptions' ? read.exceptions : [],
  );
  return exceptions.flatMap(({ exception }) => {
    const compiled = compileException(exception, schema);
    return compiled.ok ? [{ exception, matches: compiled.matches, findings: 0 }] : [];
  });
}
