import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { bundleOptions } from '../../infra/bundle.ts';
import { deployedRules } from '../../infra/rules.ts';
import { writeRules } from '../../infra/rules-file.ts';
import { startEnvironment, topics } from './execution-environments.ts';
import { type LocalServices, startLocalServices } from './local-services.ts';
import { plantedEvent, type ShapeName, shapeNames } from './scenario.ts';
import { type History, simulator, timeoutMs } from './simulation.ts';
import { type RulesOf, verdict } from './verdict.ts';

export interface ChaosOptions {
  readonly seeds: readonly number[];
  /** Runs at the same time. */
  readonly lanes: number;
  /** Changes the source of the bundle. @default - the bundle as it is deployed */
  readonly plugin?: Plugin;
  /** Stops after the first run that failed. */
  readonly untilFailure?: boolean;
  /** Called after each run. */
  readonly onRun?: (history: History, done: number) => void;
}

export interface ChaosResult {
  readonly failures: readonly { readonly seed: number; readonly faults: readonly string[] }[];
  readonly counts: Counts;
}

type Counts = Record<
  'invocations' | 'injected' | 'kills' | 'publications' | 'duplicates' | 'givenUp',
  number
>;

/** Runs the scenarios of the seeds against the bundle. */
export async function chaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seeds, lanes, plugin, untilFailure = false, onRun } = options;
  const directory = mkdtempSync(join(tmpdir(), 'csrwatch-chaos-'));
  const services = await startLocalServices();
  try {
    await build({ ...bundleOptions(directory), ...(plugin ? { plugins: [plugin] } : {}) });
    writeRules(directory, deployedRules());
    const entry = join(directory, 'index.mjs');
    const rulesOf = await matchedRules(entry, services);
    const failures: { seed: number; faults: string[] }[] = [];
    const counts: Counts = {
      invocations: 0,
      injected: 0,
      kills: 0,
      publications: 0,
      duplicates: 0,
      givenUp: 0,
    };
    const waiting = [...seeds];
    let done = 0;
    const lane = async () => {
      const simulated = simulator(entry, services);
      for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
        const history = await simulated.run(seed);
        const faults = verdict(history, rulesOf);
        if (faults.length > 0) failures.push({ seed, faults });
        count(history, counts);
        onRun?.(history, ++done);
        if (untilFailure && failures.length > 0) break;
      }
      simulated.stop();
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return { failures, counts };
  } finally {
    await services.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function count({ attempts, publications, deliveries }: History, counts: Counts): void {
  counts.invocations += attempts.length;
  counts.injected += attempts.reduce((sum, { faults }) => sum + faults.length, 0);
  counts.kills += attempts.filter(({ killed }) => killed).length;
  counts.publications += publications.length;
  counts.duplicates +=
    publications.length - new Set(publications.map(({ topic, message }) => topic + message)).size;
  counts.givenUp += deliveries.filter(({ end }) => end === 'given up').length;
}

/** The rules that match each planted event, as an invocation without faults reports them. */
async function matchedRules(entry: string, services: LocalServices): Promise<RulesOf> {
  const rulesOf = new Map<ShapeName, string[]>();
  const environment = await startEnvironment(entry, services);
  const table = 'calibration';
  await services.createTable(table);
  for (const shape of shapeNames) {
    const rules: string[] = [];
    services.clients.set(environment.id, {
      table,
      next: () => undefined,
      kill: () => {},
      object: () => undefined,
      accepted({ topic, message }) {
        if (topic === topics.json) rules.push(JSON.parse(message).rule.id);
        return () => {};
      },
    });
    const envelope = {
      messageType: 'DATA_MESSAGE',
      owner: '000000000000',
      logGroup: '/aws/eks/prod/cluster',
    };
    const { line } = plantedEvent(shape, `t0x${shapeNames.indexOf(shape)}`);
    const log = { ...envelope, logStream: 'a', logEvents: [{ id: '0', timestamp: 0, message: line }] };
    const event = { awslogs: { data: gzipSync(JSON.stringify(log)).toString('base64') } };
    const answer = await environment.invoke({ event, timeoutMs: 10 * timeoutMs, clockMs: 0 });
    if (!('ok' in answer) || !answer.ok) throw new Error(`the calibration failed: ${JSON.stringify(answer)}`);
    if (rules.length === 0) throw new Error(`no rule matches the event ${shape}`);
    rulesOf.set(shape, rules);
  }
  environment.kill();
  await services.deleteTable(table);
  return rulesOf;
}
