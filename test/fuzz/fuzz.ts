import { type Corpus, loadCorpus } from './corpus.ts';
import { caseOf, type FuzzCase, type Plan, planOf } from './draw-case.ts';
import { createRunner, type RunCase } from './run-case.ts';
import { verdict } from './verdict.ts';

export interface Failure {
  readonly seed: number;
  readonly faults: readonly string[];
  /** The case, without the records that are not needed. */
  readonly smallest: FuzzCase;
}

export interface FuzzResult {
  /** Mutated records, packings and payloads of the case. */
  readonly mutated: number;
  readonly failure: Failure | undefined;
}

/** Runs the case of a seed. */
export type Fuzz = (seed: number) => Promise<FuzzResult>;

/** Generous: the machine may be busy, and a bomb expands to 80 MiB. */
const defaultMaxCpuMs = 4_000;
const slow = /^it took \d+ ms of CPU time$/;

/**
 * @param runner - by default the function's code and the scan's, in this process
 * @param maxCpuMs - that a case may take
 */
export async function createFuzz(runner?: RunCase, maxCpuMs = defaultMaxCpuMs): Promise<Fuzz> {
  const corpus = await loadCorpus();
  const limited: Limited = { run: runner ?? (await createRunner()), maxCpuMs };
  return async (seed) => {
    const plan = planOf(seed, corpus);
    const fuzzCase = caseOf(plan, corpus);
    const faults = await faultsOf(fuzzCase, limited);
    const { records, packed, isPayloadMutated } = fuzzCase;
    const mutated = [
      ...records.map(({ isMutated }) => isMutated),
      packed?.isDamaged,
      isPayloadMutated,
    ].filter(Boolean);
    if (faults.length === 0) return { mutated: mutated.length, failure: undefined };
    // a slow case is not run again and again
    const isSlow = faults.every((fault) => slow.test(fault));
    const smallest = isSlow ? fuzzCase : caseOf(await shrunk(plan, faults, corpus, limited), corpus);
    return { mutated: mutated.length, failure: { seed, faults, smallest } };
  };
}

interface Limited {
  readonly run: RunCase;
  readonly maxCpuMs: number;
}

async function faultsOf(fuzzCase: FuzzCase, { run, maxCpuMs }: Limited): Promise<string[]> {
  const startedMs = performance.now();
  const faults = verdict(fuzzCase, await run(fuzzCase));
  // asking for the CPU time takes longer than many cases do
  if (performance.now() - startedMs > maxCpuMs) {
    const before = process.cpuUsage();
    await run(fuzzCase);
    const { user, system } = process.cpuUsage(before);
    const cpuMs = Math.round((user + system) / 1_000);
    if (cpuMs > maxCpuMs) faults.push(`it took ${cpuMs} ms of CPU time`);
  }
  return faults;
}

/** Leaves out records and the packing as long as something is wrong in the same way. */
async function shrunk(
  plan: Plan,
  faults: readonly string[],
  corpus: Corpus,
  limited: Limited,
): Promise<Plan> {
  const kind = kindOf(faults);
  let smallest = plan;
  const attempts = [
    (now: Plan): Plan => ({ ...now, isSimple: true }),
    ...plan.records.map(
      (record) =>
        (now: Plan): Plan => ({ ...now, records: now.records.filter((other) => other !== record) }),
    ),
  ];
  for (const attempt of attempts) {
    const smaller = attempt(smallest);
    if (kindOf(await faultsOf(caseOf(smaller, corpus), limited)) === kind) smallest = smaller;
  }
  return smallest;
}

function kindOf(faults: readonly string[]): string {
  return (faults[0] ?? '').replaceAll(/\d+|f\d\S*/g, '');
}

const shownCharacters = 300;

/** A failure with the smallest case that shows it: for each record its length, its ends, and the mutated places. */
export function describeFailure({ seed, faults, smallest }: Failure): string {
  const { framing, payload, packed, chunkBytes, records } = smallest;
  const shown = records.flatMap(({ bytes, note, token, isMutated }, index) => {
    const text = bytes.toString('latin1');
    const places = [...note.matchAll(/at (\d+)/g)].map(([, at]) => Number(at) - shownCharacters / 3);
    return [
      `  record ${index} ${token}${isMutated ? ', mutated' : ''}: ${note}, ${bytes.length} bytes`,
      ...[0, ...places, text.length - shownCharacters / 3].map(
        (from) => `    ${JSON.stringify(text.slice(Math.max(0, from), Math.max(0, from) + shownCharacters))}`,
      ),
    ];
  });
  const input = `${framing}, ${packed?.name ?? 'text'}, by ${payload.name}, in chunks of ${chunkBytes} bytes`;
  return [`seed ${seed}:`, ...faults.map((fault) => `  ${fault}`), `  ${input}`, ...shown].join('\n');
}
