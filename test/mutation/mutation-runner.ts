import { appendFileSync, readFileSync } from 'node:fs';
import { type RunnerTestCase, type RunnerTestFile, type RunnerTestSuite, TestRunner } from 'vitest';
import { ActiveMutant, cpuMs } from './active-mutant.ts';
import type { Task, Verdict } from './task.ts';

declare global {
  var mutation: ActiveMutant;
}

/** With a mutant, a test may take so many times the time, and ask so many times as often, before it counts as failed. */
const timeFactor = 5;
const leastMs = 2_000;
const leastCpuMs = 300;
const askFactor = 20;
const leastAsks = 50_000;

interface Covered {
  readonly test: RunnerTestCase;
  readonly mutants: readonly number[];
  readonly asks: number;
  readonly ms: number;
  readonly cpuMs: number;
}

const task: Task = JSON.parse(readFileSync(process.env['MUTATION_TASK'] ?? '', 'utf8'));
globalThis.mutation ??= new ActiveMutant(task.size);
const current = globalThis.mutation;
current.active = task.kind === 'reload' ? task.mutant : 0;
const pending = new Set(task.kind === 'all' ? task.mutants : []);
const slow = new Set(task.kind === 'reload' ? task.slow : []);

function report(verdict: Verdict): void {
  appendFileSync(task.verdicts, `${JSON.stringify(verdict)}\n`);
}

/**
 * Runs each test file once without a mutant and, before the hooks at its end, each test again with each of the mutants that
 * it reaches. The quickest tests come first: they kill most mutants.
 */
export default class MutationRunner extends TestRunner {
  private covered: Covered[] = [];

  onCollected(): void {
    if (task.kind === 'reload') return;
    report({ kind: 'loaded', mutants: [...current.asked] });
    current.clear();
  }

  onBeforeRunFiles(files: RunnerTestFile[]): void {
    if (task.kind === 'reload') {
      current.left = task.asks;
      current.untilCpuMs = cpuMs() + task.ms;
      return;
    }
    this.covered = [];
    for (const file of files)
      TestRunner.getSuiteHooks(file).afterAll.push(async () => {
        const kept = this.covered
          .filter(({ cpuMs }) => cpuMs <= task.slowMs)
          .toSorted((a, b) => a.cpuMs - b.cpuMs);
        for (const { test } of this.covered.filter(({ cpuMs }) => cpuMs > task.slowToReloadMs))
          report({ kind: 'slow', test: nameOf(test) });
        report({ kind: 'loaded', mutants: [...current.askedAtLoad] });
        for (const one of kept) await this.killWith(one);

        current.clear();
      });
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    const run = TestRunner.getTestFn(test);
    if (task.kind === 'reload') {
      if (!slow.has(nameOf(test))) await run();
      return;
    }
    current.clear();
    current.left = Number.MAX_SAFE_INTEGER;
    const start = performance.now();
    const before = cpuMs();
    await run();
    const ms = performance.now() - start;
    const asks = Number.MAX_SAFE_INTEGER - current.left;
    this.covered.push({ test, mutants: [...current.asked], asks, ms, cpuMs: cpuMs() - before });
    current.left = Number.MAX_SAFE_INTEGER;
    current.clear();
  }

  private async killWith({ test, mutants, asks, ms }: Covered): Promise<void> {
    for (const id of mutants) {
      if (!pending.has(id)) continue;
      current.active = id;
      current.left = asks * askFactor + leastAsks;
      current.untilCpuMs = cpuMs() + ms * timeFactor + leastCpuMs;
      const isKilled = await fails(test, ms * timeFactor + leastMs);
      current.active = 0;
      current.left = Number.MAX_SAFE_INTEGER;
      current.untilCpuMs = Number.POSITIVE_INFINITY;
      if (!isKilled) continue;
      pending.delete(id);
      report({ kind: 'killed', mutant: id, test: nameOf(test) });
      if (!(await recovers(test, ms * timeFactor + leastMs))) {
        report({ kind: 'residue', mutant: id, test: nameOf(test) });
        break;
      }
    }
    report({ kind: 'reached', mutants });
  }
}

/** What a mutant leaves behind, such as a wrong value in a cache or an item in a table, must not kill the next one. */
async function recovers(test: RunnerTestCase, timeoutMs: number): Promise<boolean> {
  for (let attempt = 0; attempt < 3; attempt += 1) if (!(await fails(test, timeoutMs))) return true;
  return false;
}

async function fails(test: RunnerTestCase, timeoutMs: number): Promise<boolean> {
  const hooks = suitesOf(test).map((suite) => TestRunner.getSuiteHooks(suite));
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, timeoutMs);
  });
  try {
    for (const { beforeEach } of hooks)
      for (const hook of beforeEach) await hook(test.context, test.suite ?? test.file);
    await Promise.race([TestRunner.getTestFn(test)(), tooLate]);
    return false;
  } catch {
    return true;
  } finally {
    clearTimeout(timer);
  }
}

/** From the file inwards. */
function suitesOf(test: RunnerTestCase): readonly RunnerTestSuite[] {
  const suites: RunnerTestSuite[] = [];
  for (let suite = test.suite; suite !== undefined; suite = suite.suite) suites.unshift(suite);
  return [test.file, ...suites.filter((suite) => suite !== test.file)];
}

function nameOf(test: RunnerTestCase): string {
  return test.fullName;
}
