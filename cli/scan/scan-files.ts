import { existsSync } from 'node:fs';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { createDetector, type Detector } from '../../lambda/detector.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { exceptionPath, readyMadeNames } from '../../lambda/rules/built-in.ts';
import { allErrors, compileRules } from '../../lambda/rules/compile-rules.ts';
import { loadRules } from '../../lambda/rules/load-rules.ts';
import type { RuleDefinition } from '../../lambda/rules/rule.ts';
import { printProblem, printWarning, type RuleProblem } from '../../lambda/rules/rule-problem.ts';
import { scan } from '../../lambda/scan/scan-input.ts';
import { pathsOrBuiltIn } from '../built-in-rules.ts';
import { write } from '../output.ts';
import { createReporter } from '../report/create-reporter.ts';
import { addReport, emptyStats } from '../report/scan-stats.ts';
import { summary } from '../report/summary.ts';
import { fileInput } from './file-input.ts';
import type { ScanOptions } from './options.ts';
import { createProgress } from './progress.ts';
import { adHocRule } from './query-rule.ts';
import { createReadyMadeAdvice } from './ready-made-advice.ts';
import { suggestionReporter } from './suggested-exceptions.ts';
import type { Terminal } from './terminal.ts';

/** @returns the exit status: 0 without findings, 1 with findings, 2 if a rule or an input cannot be read */
export async function scanFiles(options: ScanOptions, terminal: Terminal): Promise<number> {
  const detector = detectorFor(options);
  if (detector.messages.length > 0) terminal.err.write(`${detector.messages.join('\n')}\n`);
  if (!detector.ok) return 2;
  const stats = emptyStats();
  const say = (text: string) => terminal.err.write(text);
  const progress = terminal.progress ? createProgress(options.files, say, () => stats.findings) : undefined;
  const print = (text: string) => {
    progress?.clear();
    return write(terminal.out, text);
  };
  const reporter = options.suggestExceptions
    ? suggestionReporter(print, say)
    : createReporter(options.format, print, terminal);
  const advice =
    options.format === 'text' && options.query === undefined
      ? createReadyMadeAdvice(auditSchema(csrwatchFields, { cluster: options.cluster }), options.exceptions)
      : undefined;
  for (const path of options.files) {
    const input = fileInput(path, options.cluster, progress?.read);
    const report = await scan(input, {
      literals: detector.value.literals,
      onRecord: (record) =>
        detector.value.evaluate(record)?.then(async (findings) => {
          stats.findings += findings.length;
          for (const finding of findings) await reporter.finding(finding);
          await advice?.add(record, findings);
        }),
    });
    addReport(stats, report, input.origin);
    progress?.clear();
    if (report.fault) say(`scan: ${path}: ${report.fault.reason}\n`);
  }
  await reporter.end(stats);
  if (options.format === 'text') say(`${summary(stats)}${advice?.text() ?? ''}`);
  const hasWarnings = stats.rejected + stats.suspicious + stats.withoutEvents.length > 0;
  if (stats.faults.length > 0 || (options.strict && hasWarnings)) return 2;
  return stats.findings > 0 ? 1 : 0;
}

type Made =
  /** With warnings. */
  | { readonly ok: true; readonly value: Detector; readonly messages: readonly string[] }
  | { readonly ok: false; readonly messages: readonly string[] };

function detectorFor(options: ScanOptions): Made {
  const chosen = definitionsFor(options);
  if (!chosen.ok) return chosen;
  const schema = auditSchema(csrwatchFields, { cluster: options.cluster });
  const compiled = compileRules(chosen.definitions, schema);
  if (!compiled.ok) return { ok: false, messages: compiled.errors.map(printProblem) };
  const warnings = [...chosen.warnings, ...compiled.warnings];
  if (options.strict && warnings.length > 0) return { ok: false, messages: warnings.map(printProblem) };
  const messages = warnings.map(printWarning);
  return { ok: true, value: createDetector(compiled.ruleSet), messages };
}

type Chosen =
  | {
      readonly ok: true;
      readonly definitions: readonly RuleDefinition[];
      readonly warnings: readonly RuleProblem[];
    }
  | { readonly ok: false; readonly messages: readonly string[] };

function definitionsFor({ query, rulePaths, only, exceptions }: ScanOptions): Chosen {
  if (query !== undefined) return { ok: true, definitions: [adHocRule(query)], warnings: [] };
  const unknownExceptions = exceptions.filter((name) => !existsSync(exceptionPath(name)));
  if (unknownExceptions.length > 0) {
    const message = `scan: --except ${unknownExceptions.join(', ')}: not a file and not one of ${readyMadeNames().join(', ')}`;
    return { ok: false, messages: [message] };
  }
  const loaded = loadRules([...pathsOrBuiltIn(rulePaths), ...exceptions.map(exceptionPath)]);
  if (!loaded.ok)
    return { ok: false, messages: allErrors(loaded, auditSchema(csrwatchFields)).map(printProblem) };
  const definitions = loaded.rules.map(({ definition }) => definition);
  const ids = definitions.map(({ info }) => info.id);
  const unknown = only.filter((id) => !ids.includes(id));
  if (unknown.length > 0) {
    return { ok: false, messages: [`scan: --only ${unknown.join(', ')}: the rules are ${ids.join(', ')}`] };
  }
  return {
    ok: true,
    definitions: definitions.filter(({ info }) => only.length === 0 || only.includes(info.id)),
    warnings: loaded.warnings,
  };
}
