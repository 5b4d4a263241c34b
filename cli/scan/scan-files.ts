import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { ScanTally } from '../../lambda/scan/scan-tally.ts';
import { write } from '../output.ts';
import { createCoverageReader } from '../report/coverage.ts';
import { createReporter, hasStories } from '../report/create-reporter.ts';
import type { PeopleSink } from '../report/people-reporter.ts';
import type { Print, Reporter } from '../report/reporter.ts';
import { addReport, emptyStats } from '../report/scan-stats.ts';
import { summary } from '../report/summary.ts';
import { type ByteRef, byteInput, type OpenOptions } from './file-input.ts';
import { findInputs } from './find-inputs.ts';
import type { CertificateFollower } from './follow/follow-certificates.ts';
import { rereadableInput } from './follow/rereadable-input.ts';
import { inputAgain, type SecondScan } from './follow/second-scan.ts';
import { inOrder } from './in-order.ts';
import { type BadInput, type InputRef, inputText, originOf } from './input-ref.ts';
import { peopleOptions } from './people-options.ts';
import type { PredefinedAdvice } from './predefined-advice.ts';
import { createProgress } from './progress.ts';
import type { ScanItem } from './scan-item.ts';
import { createScanner, needsStories, type OneReport } from './scan-one.ts';
import type { ScanOptions } from './scan-options.ts';
import { openPage } from './scan-page.ts';
import { type ChosenRules, chooseRules } from './scan-rules.ts';
import { canUseWorkers, type ScanOne, startThread } from './scan-thread.ts';
import type { Terminal } from './terminal.ts';

/** A smaller log is scanned before a worker thread has compiled its rules. */
const leastBytesForWorkers = 30e6;

/**
 * @param interruption - ends the scan early: what was found until then is reported
 * @returns the exit status: 0 without findings, 1 with findings, 2 if a rule or an input cannot be read
 */
export async function scanFiles(
  options: ScanOptions,
  terminal: Terminal,
  interruption: AbortSignal = new AbortController().signal,
): Promise<number> {
  const rules = await chooseRules(options, needsStories(options));
  if (rules.messages.length > 0) terminal.err.write(`${rules.messages.join('\n')}\n`);
  if (!rules.ok) return 2;
  const page = await openPage(options, rules.messages);
  if (page?.kind === 'unwritable') {
    terminal.err.write(`scan: ${page.reason}\n`);
    return 2;
  }
  const stats = emptyStats();
  const coverage = createCoverageReader();
  const say = (text: string) => terminal.err.write(text);
  const inputs = await knownInputs(options);
  const progress = terminal.progress
    ? createProgress(inputs.totalBytes, say, () => stats.findings)
    : undefined;
  const print = (text: string) => {
    progress?.clear();
    return write(terminal.out, text);
  };
  const reporter = await reporterFor(options, print, terminal, page?.sink);
  // what only some scans need is loaded when they need it
  let advice: PredefinedAdvice | undefined;
  let follower: CertificateFollower | undefined;
  const onFindings = async (record: AuditRecord, findings: readonly Finding[]) => {
    stats.findings += findings.length;
    for (const finding of findings) await reporter.item({ kind: 'finding', finding });
    if (findings.length === 0 || !hasStories(options.format) || options.query !== undefined) return;
    advice ??= await createAdvice(options);
    await advice.add(record, findings);
  };
  const onItem = async (item: ScanItem) => {
    switch (item.kind) {
      case 'issued':
        follower ??= await createFollower(rules);
        return follower?.add(item.followed);
      case 'findings':
        return onFindings(item.record, item.findings);
      case 'csr-event':
      case 'request':
        return reporter.item(item);
    }
  };
  const read: SecondScan[] = [];
  /** If certificates are followed, an input that can be read only once is copied. */
  const open = (ref: ByteRef, openOptions: OpenOptions) => {
    if (!rules.followsCertificates) return byteInput(ref, openOptions);
    const input = rereadableInput(ref, openOptions);
    read.push(inputAgain(input));
    return input.first;
  };
  const threads = inputs.useWorkers
    ? Array.from({ length: inputs.threads }, () => startThread(options))
    : [{ scan: createScanner(rules, options, open) satisfies ScanOne, stop: async () => {} }];
  let started = 0;
  await inOrder(
    threads,
    inputs.all,
    async (thread, ref, turn): Promise<OneReport | undefined> => {
      if (ref.kind === 'bad') return badReport(ref);
      if (interruption.aborted) return undefined;
      started += 1;
      return thread.scan(ref, {
        signal: interruption,
        onBytes: (bytes) => progress?.read(bytes, inputText(ref)),
        onItem: async (item) => {
          await turn;
          await onItem(item);
        },
      });
    },
    async (ref, result) => {
      if (!result) return;
      addReport(stats, result.report, originOf(ref));
      coverage.add(result.minutes);
      const again = { cluster: options.cluster, signal: interruption };
      if (ref.kind === 'log-group') {
        const { logGroupAgain } = await import('./follow/log-group-again.ts');
        read.push(logGroupAgain({ name: ref.name, filters: options.filters, ...again }));
      } else if (inputs.useWorkers && ref.kind !== 'bad') {
        // a worker thread read it
        read.push(inputAgain(rereadableInput(ref, again)));
      }
      progress?.clear();
      if (result.report.fault) say(`scan: ${inputText(ref)}: ${result.report.fault.reason}\n`);
    },
  );
  await Promise.all(threads.map((thread) => thread.stop()));
  if (follower && !interruption.aborted) {
    const { isWantedUse } = await import('./follow/wanted-use.ts');
    const compiled = await rules.compiled();
    const followed = await follower.readAgain(read, needsStories(options), async (finding, record) => {
      if (isWantedUse(finding, record, compiled, options.filters)) await onFindings(record, [finding]);
    });
    for (const uses of followed.certificates) await reporter.item({ kind: 'uses', uses });
    for (const { path, reason } of followed.faults) {
      say(`scan: ${path}: ${reason}\n`);
      stats.faults.push({ place: { origin: { kind: 'file', path } }, reason });
    }
  }
  await Promise.all(read.map(({ close }) => close()));
  await reporter.end(stats, coverage.coverage());
  const cameTo = interruption.aborted ? progressText(started, inputs.count) : undefined;
  const pageProblem = await page?.write(cameTo);
  if (pageProblem !== undefined) say(`scan: ${pageProblem}\n`);
  if (cameTo !== undefined) say(`scan: interrupted after ${cameTo}; what was found until then is above\n`);
  if (hasStories(options.format)) say(`${summary(stats)}${advice?.text() ?? ''}`);
  if (terminal.progress && stats.findings > 0) say(nextStep(options));
  const hasWarnings = stats.rejected + stats.suspicious + stats.withoutEvents.length > 0;
  const isIncomplete = interruption.aborted || stats.faults.length > 0 || pageProblem !== undefined;
  if (isIncomplete || (options.strict && hasWarnings)) return 2;
  return stats.findings > 0 ? 1 : 0;
}

async function reporterFor(
  options: ScanOptions,
  print: Print,
  terminal: Terminal,
  page: PeopleSink | undefined,
): Promise<Reporter> {
  if (!options.suggestExceptions) {
    return createReporter(options.format, print, terminal, peopleOptions(options), page);
  }
  const { suggestionReporter } = await import('./suggested-exceptions.ts');
  return suggestionReporter(print, (text) => terminal.err.write(text));
}

async function createAdvice({ cluster, exceptions }: ScanOptions): Promise<PredefinedAdvice> {
  const { createPredefinedAdvice } = await import('./predefined-advice.ts');
  return createPredefinedAdvice(cluster, exceptions);
}

async function createFollower(
  rules: Extract<ChosenRules, { ok: true }>,
): Promise<CertificateFollower | undefined> {
  const { createFollow } = await import('../../lambda/follow/follow.ts');
  const { CertificateFollower } = await import('./follow/follow-certificates.ts');
  const follow = createFollow((await rules.compiled()).ruleSet);
  return follow && new CertificateFollower(follow);
}

interface KnownInputs {
  readonly all: AsyncIterator<InputRef | BadInput>;
  /** Absent if they are still being listed. */
  readonly count: number | undefined;
  /** Absent if a size is not known. */
  readonly totalBytes: number | undefined;
  readonly useWorkers: boolean;
  readonly threads: number;
}

/** Local inputs are listed at once; objects while the first of them are scanned. */
async function knownInputs(options: ScanOptions): Promise<KnownInputs> {
  const found = findInputs(options);
  const first: (InputRef | BadInput)[] = [];
  let isAll = false;
  while (first.filter(({ kind }) => kind === 'object').length <= options.jobs) {
    const next = await found.next();
    isAll = next.done === true;
    if (next.done) break;
    first.push(next.value);
  }
  const sizes = first.map((ref) => ('bytes' in ref ? ref.bytes : undefined));
  const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  const readable = first.filter(({ kind }) => kind !== 'bad').length;
  const threads = Math.min(options.jobs, readable);
  return {
    all: chained(first, found),
    count: isAll ? readable : undefined,
    totalBytes: isAll && !sizes.includes(undefined) ? bytes : undefined,
    useWorkers:
      canUseWorkers &&
      threads > 1 &&
      first.every(isReadableByThread) &&
      (bytes >= leastBytesForWorkers || !isAll),
    threads,
  };
}

/** Standard input belongs to this thread, and the bytes of a pipe are copied here. */
function isReadableByThread(ref: InputRef | BadInput): boolean {
  return ref.kind !== 'file' || ref.bytes !== undefined;
}

async function* chained<T>(first: readonly T[], rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield* first;
  yield* rest;
}

/** For a reader at a terminal. */
function nextStep({ query, filters: { actor, certificate } }: ScanOptions): string {
  const isTimeline = query !== undefined || actor !== undefined || certificate !== undefined;
  return isTimeline ? '' : 'scan --actor NAME shows everything that an actor did, in order of time\n';
}

function badReport(ref: BadInput): OneReport {
  const fault = { origin: originOf(ref), reason: ref.reason };
  return { report: { ...new ScanTally().report(), fault }, minutes: [] };
}

function progressText(started: number, count: number | undefined): string {
  return `${started}${count === undefined ? '' : ` of ${count}`} inputs`;
}
