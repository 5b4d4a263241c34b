// Thousands of seeded runs of the bundle against services that misbehave:
//   npm run chaos -- --runs 10000     as many runs; a failing one is printed with its seed when it fails
//   npm run chaos -- --from 5001      continues with this seed
//   npm run chaos -- --seed 4711      one run, with all that happened in it
//   npm run chaos -- --defects        shows that each defect of a list is caught
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Counts, chaos, noCounts, sumOf } from './chaos.ts';
import { caught, defects } from './defects.ts';
import { effectKinds } from './effects.ts';
import { transcript } from './transcript.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    /** Runs at the same time, of each process. */
    lanes: { type: 'string', default: '4' },
    processes: { type: 'string', default: String(availableParallelism()) },
    defects: { type: 'boolean', default: false },
  },
});
const lanes = Number(values.lanes);
/** So many runs of a process, then it reports. */
const chunk = 1_000;
const runsOfLine = 50;
/** Among so many runs, each kind of fault happens. */
const runsWithAllKinds = 5_000;

interface Result {
  readonly counts: Counts;
  readonly failed: readonly number[];
}

const seedsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => first + index);

async function runSeeds(first: number, count: number): Promise<Result> {
  let done = 0;
  const { failures, counts } = await chaos({
    ...{ seeds: seedsFrom(first, count), lanes },
    onRun(history, faults) {
      done += 1;
      if (done % runsOfLine === 0) console.log(`seeds from ${first}: ${done} of ${count} runs`);
      if (faults.length === 0) return;
      const { seed } = history.scenario;
      console.log(
        [`seed ${seed} failed:`, ...faults.map((fault) => `  ${fault}`), transcript(history)].join('\n'),
      );
    },
  });
  return { counts, failed: failures.map(({ seed }) => seed) };
}

/** Runs chunks of seeds in processes, which use more than one core. */
async function runAll(first: number, runs: number): Promise<boolean> {
  const end = first + runs;
  let next = first;
  let done = 0;
  let counts: Counts = noCounts;
  const failed: number[] = [];
  const work = async () => {
    while (next < end) {
      const from = next;
      const count = Math.min(chunk, end - from);
      next += count;
      const result = await inProcess(from, count);
      done += count;
      counts = sumOf(counts, result.counts);
      failed.push(...result.failed);
      console.log(
        `seeds ${from} to ${from + count - 1} done: ${done} of ${runs} runs, ${failed.length} failed`,
      );
    }
  };
  await Promise.all(Array.from({ length: Number(values.processes) }, work));
  const { invocations, injected, kills, publications, duplicates, givenUp, effects } = counts;
  for (const kind of effectKinds) console.log(`${String(effects[kind] ?? 0).padStart(7)}  ${kind}`);
  const missing = runs < runsWithAllKinds ? [] : effectKinds.filter((kind) => effects[kind] === undefined);
  if (missing.length > 0) console.log(`the schedule is defective: ${missing.join(', ')} never happened`);
  console.log(
    [
      `${runs} runs: ${invocations} invocations, ${injected} faults, ${kills} functions killed,`,
      `${publications} messages accepted, ${duplicates} of them duplicates, ${givenUp} inputs given up;`,
      failed.length === 0 ? 'no run failed' : `failed seeds: ${failed.sort((a, b) => a - b).join(' ')}`,
    ].join(' '),
  );
  return failed.length === 0 && missing.length === 0;
}

function inProcess(from: number, count: number): Promise<Result> {
  const child = fork(fileURLToPath(import.meta.url), [
    ...['--from', String(from), '--runs', String(count), '--lanes', values.lanes],
  ]);
  return new Promise((resolve, reject) => {
    child.on('message', (result: Result) => resolve(result));
    child.on('exit', (code) => reject(new Error(`the process of the seeds from ${from} ended with ${code}`)));
  });
}

async function replay(seed: number): Promise<boolean> {
  const { failures } = await chaos({
    ...{ seeds: [seed], lanes: 1 },
    onRun: (history) => console.log(transcript(history)),
  });
  for (const fault of failures.flatMap(({ faults }) => faults)) console.log(fault);
  return failures.length === 0;
}

async function tryDefects(): Promise<boolean> {
  let count = 0;
  for (const defect of defects) {
    const shown = await caught(defect, 1_000, lanes);
    if (shown) count += 1;
    console.log(`${defect.name}: ${shown ? `caught by seed ${shown.seed}: ${shown.fault}` : 'not caught'}`);
  }
  return count === defects.length;
}

if (process.send) {
  process.send(await runSeeds(Number(values.from), Number(values.runs)));
  process.disconnect();
} else {
  const passed = values.defects
    ? await tryDefects()
    : values.seed === undefined
      ? await runAll(Number(values.from), Number(values.runs))
      : await replay(Number(values.seed));
  process.exitCode = passed ? 0 : 1;
}
