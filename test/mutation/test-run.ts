import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BaseSequencer, createVitest, type TestSpecification } from 'vitest/node';
import type { Run, Task, Verdict } from './task.ts';

/** In the given order, and those with random inputs last: the others kill most mutants, and take less time. */
function sequencerOf(testFiles: readonly string[]) {
  return class extends BaseSequencer {
    override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
      const rank = ({ moduleId }: TestSpecification) => {
        const isRandom = readFileSync(moduleId, 'utf8').includes('fast-check');
        return testFiles.findIndex((file) => moduleId.endsWith(file)) + (isRandom ? testFiles.length : 0);
      };
      return specifications.toSorted((a, b) => rank(a) - rank(b));
    }
  };
}

export interface TestRuns {
  readonly run: (run: Run) => Promise<{ verdicts: readonly Verdict[]; errors: readonly string[] }>;
  readonly close: () => Promise<void>;
}

/**
 * Runs test files, all in one process at a time.
 * @param size - larger than every mutant's id
 * @param instrumented - the text of each file with mutants, by its path
 */
export async function testRuns(
  root: string,
  testFiles: readonly string[],
  size: number,
  instrumented: ReadonlyMap<string, string>,
): Promise<TestRuns> {
  const folder = mkdtempSync(join(tmpdir(), 'csrwatch-mutation-'));
  const taskFile = join(folder, 'task.json');
  process.env['MUTATION_TASK'] = taskFile;
  const vitest = await createVitest(
    'test',
    {
      root,
      config: false,
      watch: false,
      // it would keep the mutants for other runs of the tests
      fsModuleCache: false,
      include: [...testFiles],
      isolate: false,
      fileParallelism: false,
      pool: 'threads',
      runner: fileURLToPath(new URL('mutation-runner.ts', import.meta.url)),
      reporters: [{}],
      silent: true,
      bail: 1,
      sequence: { sequencer: sequencerOf(testFiles) },
      testTimeout: 600_000,
      hookTimeout: 600_000,
    },
    { plugins: [{ name: 'mutants', enforce: 'pre', transform: (_, id) => instrumented.get(id) }] },
  );
  const specifications = await vitest.globTestSpecifications();
  return {
    run: async (run) => {
      const task: Task = { ...run, size, verdicts: join(folder, 'verdicts') };
      writeFileSync(taskFile, JSON.stringify(task));
      writeFileSync(task.verdicts, '');
      // errors outside of tests are not read: a mutant may leave a promise that rejects later
      const { testModules } = await vitest.runTestSpecifications(specifications, true);
      const failures = testModules.flatMap((module) => [
        ...module.errors(),
        ...[...module.children.allTests('failed')].flatMap((test) => test.result().errors ?? []),
      ]);
      const lines = readFileSync(task.verdicts, 'utf8').split('\n').filter(Boolean);
      return {
        verdicts: lines.map((line): Verdict => JSON.parse(line)),
        errors: [
          ...failures.map(({ message }) => message),
          ...testModules.flatMap((module) =>
            module.ok() || module.state() === 'failed' ? [] : [`${module.relativeModuleId} was not finished`],
          ),
        ],
      };
    },
    close: async () => {
      await vitest.close();
      rmSync(folder, { recursive: true });
    },
  };
}
