import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { bundleOptions } from '../../infra/bundle.ts';
import { deployedRules } from '../../infra/rules.ts';
import { writeRules } from '../../infra/rules-file.ts';
import { matchedRules } from './calibration.ts';
import { effectsOf } from './effects.ts';
import { startFunctions, threadFile } from './execution-environments.ts';
import type { History } from './history.ts';
import { startLocalServices } from './local-services.ts';
import { simulator } from './simulation.ts';
import { verdict } from './verdict.ts';

export interface ChaosOptions {
  readonly seeds: readonly number[];
  /** Runs at the same time. */
  readonly lanes: number;
  /** Changes the source of the bundle. @default - the bundle as it is deployed */
  readonly plugin?: Plugin;
  /** Stops after the first run with such a fault. @default - all seeds are run */
  readonly until?: (fault: string) => boolean;
  /** Called after each run, with what is wrong with it. */
  readonly onRun?: (history: History, faults: readonly string[]) => void;
}

export interface ChaosResult {
  readonly failures: readonly Failure[];
  readonly counts: Counts;
}

interface Failure {
  readonly seed: number;
  readonly faults: readonly string[];
}

const counted = ['invocations', 'injected', 'kills', 'publications', 'duplicates', 'givenUp'] as const;
export type Counts = Record<(typeof counted)[number], number> & { effects: Record<string, number> };

export const noCounts: Readonly<Counts> = {
  ...{ invocations: 0, injected: 0, kills: 0, publications: 0, duplicates: 0, givenUp: 0, effects: {} },
};

export function sumOf(a: Readonly<Counts>, b: Readonly<Counts>): Counts {
  const sum = { ...noCounts, effects: { ...a.effects } };
  for (const name of counted) sum[name] = a[name] + b[name];
  for (const [name, count] of Object.entries(b.effects)) sum.effects[name] = (sum.effects[name] ?? 0) + count;
  return sum;
}

/** Runs the scenarios of the seeds against the bundle. */
export async function chaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seeds, lanes, plugin, until, onRun } = options;
  const directory = mkdtempSync(join(tmpdir(), 'csrwatch-chaos-'));
  const services = await startLocalServices();
  const stops = [services.stop];
  try {
    await build({ ...bundleOptions(directory), ...(plugin ? { plugins: [plugin] } : {}) });
    await build(threadOptions(directory));
    writeRules(directory, deployedRules());
    const functions = startFunctions(directory, services);
    stops.unshift(functions.stop);
    const rulesOf = await matchedRules(functions, services);
    const failures: Failure[] = [];
    let counts: Counts = noCounts;
    const waiting = [...seeds];
    const lane = async () => {
      const simulated = simulator(functions, services);
      for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
        const history = await simulated.run(seed);
        const faults = verdict(history, rulesOf);
        if (faults.length > 0) failures.push({ seed, faults });
        counts = sumOf(counts, countsOf(history));
        onRun?.(history, faults);
        if (until && faults.some(until)) waiting.length = 0;
      }
      simulated.stop();
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return { failures, counts };
  } finally {
    for (const stop of stops) await stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

export function threadOptions(directory: string): BuildOptions {
  return {
    entryPoints: [fileURLToPath(new URL('./function-thread.ts', import.meta.url))],
    outfile: join(directory, threadFile),
    ...{ bundle: true, format: 'esm', platform: 'node', target: 'node24' },
  };
}

function countsOf(history: History): Counts {
  const { attempts, publications, deliveries } = history;
  const distinct = new Set(publications.map(({ topic, message }) => topic + message)).size;
  return {
    invocations: attempts.length,
    injected: attempts.reduce((sum, { faults }) => sum + faults.length, 0),
    kills: attempts.filter(({ killed }) => killed).length,
    publications: publications.length,
    duplicates: publications.length - distinct,
    effects: { ...effectsOf(history) },
    givenUp: deliveries.filter(({ end }) => end === 'given up').length,
  };
}
