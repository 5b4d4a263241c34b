// Thousands of seeded runs of the bundle against services that misbehave:
//   npm run chaos -- --runs 10000     as many runs; a failing one is printed with its seed
//   npm run chaos -- --seed 4711      one run, with all that happened in it
//   npm run chaos -- --defects        shows that each defect of a list is caught
import { parseArgs } from 'node:util';
import { chaos } from './chaos.ts';
import { defects, withDefect } from './defects.ts';
import { transcript } from './transcript.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string' },
    lanes: { type: 'string', default: '8' },
    defects: { type: 'boolean', default: false },
  },
});
const lanes = Number(values.lanes);
const from = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);

async function run(first: number, runs: number): Promise<boolean> {
  const { failures, counts } = await chaos({
    seeds: from(first, runs),
    lanes,
    onRun: (history, done) => {
      if (runs === 1) console.log(transcript(history));
      else if (done % 500 === 0) console.error(`${done} of ${runs} runs`);
    },
  });
  for (const { seed, faults } of failures) {
    console.log(`seed ${seed}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
  const { invocations, injected, kills, publications, duplicates, givenUp } = counts;
  console.log(
    [
      `${runs} runs: ${invocations} invocations, ${injected} faults, ${kills} functions killed,`,
      `${publications} messages accepted, ${duplicates} of them duplicates, ${givenUp} inputs given up;`,
      failures.length === 0 ? 'no run failed' : `${failures.length} runs failed`,
    ].join(' '),
  );
  return failures.length === 0;
}

async function tryDefects(): Promise<boolean> {
  let caught = 0;
  for (const defect of defects) {
    const seeds = from(defect.seed, 1_000);
    const { failures } = await chaos({ seeds, lanes, plugin: withDefect(defect), untilFailure: true });
    const [first] = failures;
    if (first) caught += 1;
    console.log(
      `${defect.name}: ${first ? `caught by seed ${first.seed}: ${first.faults[0]}` : 'not caught'}`,
    );
  }
  return caught === defects.length;
}

const passed = values.defects
  ? await tryDefects()
  : await run(Number(values.seed ?? 1), values.seed === undefined ? Number(values.runs) : 1);
process.exitCode = passed ? 0 : 1;
