import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { createFollow } from '../../lambda/follow/follow.ts';
import { write } from '../output.ts';
import { createCoverageReader } from '../report/coverage.ts';
import { createReporter, hasStories } from '../report/create-reporter.ts';
import { addReport, emptyStats } from '../report/scan-stats.ts';
import { summary } from '../report/summary.ts';
import { CertificateFollower } from './follow/follow-certificates.ts';
import { readOnce, rereadableInput } from './follow/rereadable-input.ts';
import { isWantedUse } from './follow/wanted-use.ts';
import type { ScanOptions } from './options.ts';
import { peopleOptions } from './people-options.ts';
import { createProgress } from './progress.ts';
import { createReadyMadeAdvice } from './ready-made-advice.ts';
import { evaluator, type ScanItem } from './scan-item.ts';
import { scanOne } from './scan-one.ts';
import { scanRules } from './scan-rules.ts';
import { suggestionReporter } from './suggested-exceptions.ts';
import type { Terminal } from './terminal.ts';

/** @returns the exit status: 0 without findings, 1 with findings, 2 if a rule or an input cannot be read */
export async function scanFiles(options: ScanOptions, terminal: Terminal): Promise<number> {
  const isForPeople = hasStories(options.format) && !options.suggestExceptions;
  const rules = scanRules(options, isForPeople);
  if (rules.messages.length > 0) terminal.err.write(`${rules.messages.join('\n')}\n`);
  if (!rules.ok) return 2;
  const evaluate = evaluator(rules.ruleSet, rules.markers, {
    filters: options.filters,
    timelineOfFindings: isForPeople && options.query !== undefined,
  });
  const stats = emptyStats();
  const coverage = createCoverageReader();
  const say = (text: string) => terminal.err.write(text);
  const progress = terminal.progress ? createProgress(options.files, say, () => stats.findings) : undefined;
  const print = (text: string) => {
    progress?.clear();
    return write(terminal.out, text);
  };
  const reporter = options.suggestExceptions
    ? suggestionReporter(print, say)
    : createReporter(options.format, print, terminal, peopleOptions(options));
  const advice =
    hasStories(options.format) && options.query === undefined
      ? createReadyMadeAdvice(auditSchema(csrwatchFields, { cluster: options.cluster }), options.exceptions)
      : undefined;
  const onItem = async (item: ScanItem) => {
    if (item.kind !== 'findings') return reporter.item(item);
    stats.findings += item.findings.length;
    for (const finding of item.findings) await reporter.item({ kind: 'finding', finding });
    await advice?.add(item.record, item.findings);
  };
  const follow = createFollow(rules.ruleSet);
  const follower = follow && new CertificateFollower(follow);
  const inputs = options.files.map((path) =>
    follower
      ? rereadableInput(path, options.cluster, progress?.read)
      : readOnce(path, options.cluster, progress?.read),
  );
  for (const { path, first: input } of inputs) {
    const report = await scanOne(
      input,
      rules.ruleSet.literals,
      evaluate,
      onItem,
      isForPeople ? coverage : undefined,
      follower,
    );
    addReport(stats, report, input.origin);
    progress?.clear();
    if (report.fault) say(`scan: ${path}: ${report.fault.reason}\n`);
  }
  if (follower) {
    const followed = await follower.readAgain(inputs, isForPeople, async (finding, record) => {
      if (!isWantedUse(finding, record, rules, options.filters)) return;
      stats.findings += 1;
      await reporter.item({ kind: 'finding', finding });
      await advice?.add(record, [finding]);
    });
    for (const uses of followed.certificates) await reporter.item({ kind: 'uses', uses });
    for (const { path, reason } of followed.faults) {
      say(`scan: ${path}: ${reason}\n`);
      stats.faults.push({ place: { origin: { kind: 'file', path } }, reason });
    }
  }
  await Promise.all(inputs.map(({ close }) => close()));
  await reporter.end(stats, coverage.coverage());
  if (hasStories(options.format)) say(`${summary(stats)}${advice?.text() ?? ''}`);
  const hasWarnings = stats.rejected + stats.suspicious + stats.withoutEvents.length > 0;
  if (stats.faults.length > 0 || (options.strict && hasWarnings)) return 2;
  return stats.findings > 0 ? 1 : 0;
}
