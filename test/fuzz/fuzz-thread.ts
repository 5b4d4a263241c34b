// Runs the cases of a range of seeds, and says which one it is at, so that a hanging or dying case can be named.
import { parentPort, workerData } from 'node:worker_threads';
import { createFuzz, describeFailure } from './fuzz.ts';

/** What the thread is started with. */
export interface Lane {
  readonly first: number;
  readonly step: number;
  readonly last: number;
  /** The seed at hand. */
  readonly at: SharedArrayBuffer;
}

/** What it reports. */
export type Report =
  | { readonly kind: 'failure'; readonly text: string }
  | { readonly kind: 'progress'; readonly cases: number; readonly mutated: number }
  | { readonly kind: 'done' };

const { first, step, last, at }: Lane = workerData;
const now = new Float64Array(at);
const post = (report: Report) => parentPort?.postMessage(report);
const fuzz = await createFuzz();
let cases = 0;
let mutated = 0;
for (let seed = first; seed <= last; seed += step) {
  now[0] = seed;
  const result = await fuzz(seed);
  cases += 1;
  mutated += result.mutated;
  if (result.failure) post({ kind: 'failure', text: describeFailure(result.failure) });
  if (cases === 500 || seed + step > last) {
    post({ kind: 'progress', cases, mutated });
    cases = 0;
    mutated = 0;
  }
}
post({ kind: 'done' });
