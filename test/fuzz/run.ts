// Mutated records and payloads through the function and the scan:
//   npm run fuzz -- --runs 1000000     as many cases, each with at least one mutation; failures are printed with their seeds
//   npm run fuzz -- --seed 4711        one case
//   npm run fuzz -- --requests 50000   certificate requests, compared with Go's reader
//   npm run fuzz -- --bundle 300       cases through the deployed bundle, over HTTP
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { compareRequests, goCommand } from './compare-requests.ts';
import { createFuzz, describeFailure } from './fuzz.ts';
import type { Lane, Report } from './fuzz-thread.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    first: { type: 'string', default: '1' },
    seed: { type: 'string' },
    lanes: { type: 'string', default: '1' },
    requests: { type: 'string' },
    bundle: { type: 'string' },
  },
});

/** Of a case; the machine may be busy. */
const maxWallMs = 120_000;
const checkEveryMs = 5_000;
const printEvery = 20_000;
/** The function has 1,024 MB. */
const maxHeapMb = 384;
const maxResidentMb = 900;

interface Totals {
  cases: number;
  mutated: number;
  failures: number;
}

/** Runs every `step`th seed from `first` on in a thread; after a crash or a hang, in another one. */
async function lane(first: number, step: number, last: number, totals: Totals): Promise<void> {
  let next = first;
  while (next <= last) next = await thread(next, step, last, totals);
}

/** @returns the seed to go on with */
function thread(first: number, step: number, last: number, totals: Totals): Promise<number> {
  const at = new SharedArrayBuffer(8);
  const now = new Float64Array(at);
  const workerData: Lane = { first, step, last, at };
  const worker = new Worker(new URL('./fuzz-thread.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
  });
  const fail = (text: string) => {
    totals.failures += 1;
    console.log(text);
  };
  return new Promise((resolve) => {
    let seen = { seed: 0, sinceMs: Date.now() };
    const end = (seed: number) => {
      clearInterval(watch);
      resolve(seed);
    };
    const watch = setInterval(() => {
      const [seed = 0] = now;
      if (seed !== seen.seed) seen = { seed, sinceMs: Date.now() };
      if (seed === 0 || Date.now() - seen.sinceMs < maxWallMs) return;
      fail(`seed ${seed}: it did not end within ${maxWallMs / 1_000} seconds`);
      worker.removeAllListeners();
      void worker.terminate();
      end(seed + step);
    }, checkEveryMs);
    worker.on('message', (report: Report) => {
      switch (report.kind) {
        case 'failure':
          fail(report.text);
          break;
        case 'progress':
          progress(report, totals);
          break;
        case 'done':
          end(last + 1);
      }
    });
    worker.on('error', (error) => {
      const [seed = first] = now;
      fail(`seed ${seed}: the thread died: ${error.stack ?? error.message}`);
      end(Math.max(first, seed) + step);
    });
  });
}

function progress({ cases, mutated }: { cases: number; mutated: number }, totals: Totals): void {
  const before = totals.cases;
  totals.cases += cases;
  totals.mutated += mutated;
  const residentMb = Math.round(process.memoryUsage.rss() / 2 ** 20);
  if (residentMb > maxResidentMb) {
    totals.failures += 1;
    console.log(`the process has ${residentMb} MB after ${totals.cases} cases`);
  }
  if (Math.floor(before / printEvery) === Math.floor(totals.cases / printEvery)) return;
  const { user, system } = process.cpuUsage();
  const seconds = Math.round((user + system) / 1_000_000);
  console.log(
    `${totals.cases} cases, ${totals.mutated} mutations, ${totals.failures} failures, ${residentMb} MB, ${seconds} s of CPU time`,
  );
}

async function cases(): Promise<boolean> {
  const totals: Totals = { cases: 0, mutated: 0, failures: 0 };
  const first = Number(values.seed ?? values.first);
  const last = first + (values.seed === undefined ? Number(values.runs) : 1) - 1;
  const lanes = Number(values.lanes);
  await Promise.all(Array.from({ length: lanes }, (_, index) => lane(first + index, lanes, last, totals)));
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1_024);
  console.log(
    `${totals.cases} cases with ${totals.mutated} mutated records and payloads, seeds ${first} to ${last}, ${peakMb} MB at most: ${totals.failures} failures`,
  );
  return totals.failures === 0;
}

function requests(count: number): boolean {
  const go = goCommand();
  if (go === undefined) {
    console.log('Go is not installed: the reader of certificate requests was not compared with its verdicts');
    return true;
  }
  const seed = Number(values.seed ?? values.first);
  const compared = compareRequests(go, { seed, count }, console.log);
  console.log(
    `${count} mutated requests from seed ${seed} on: Go parses ${compared.parsed} and accepts ${compared.accepted}; ${compared.differences.length} differences`,
  );
  return compared.differences.length === 0;
}

async function throughBundle(count: number): Promise<boolean> {
  const { createBundleRunner } = await import('./run-in-bundle.ts');
  const bundle = await createBundleRunner();
  try {
    const fuzz = await createFuzz(bundle.run);
    const first = Number(values.seed ?? values.first);
    let failures = 0;
    for (let seed = first; seed < first + count; seed += 1) {
      const { failure } = await fuzz(seed);
      if (!failure) continue;
      failures += 1;
      console.log(describeFailure(failure));
    }
    console.log(`${count} cases through the bundle, from seed ${first} on: ${failures} failures`);
    return failures === 0;
  } finally {
    await bundle.stop();
  }
}

async function passes(): Promise<boolean> {
  if (values.requests !== undefined) return requests(Number(values.requests));
  if (values.bundle !== undefined) return throughBundle(Number(values.bundle));
  return cases();
}

process.exitCode = (await passes()) ? 0 : 1;
