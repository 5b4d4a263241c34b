import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../infra/bundle.ts';
import { writeRules } from '../../infra/rules-file.ts';
import { threadOptions } from '../chaos/chaos.ts';
import { type ExecutionEnvironment, startFunctions, topics } from '../chaos/execution-environments.ts';
import { type LocalServices, startLocalServices } from '../chaos/local-services.ts';
import { rules } from './corpus.ts';
import type { FuzzCase } from './draw-case.ts';
import { type Found, foundOf, type Outcome } from './run-case.ts';

/** Of an invocation; on a busy machine most of it is waiting. */
const timeoutMs = 120_000;
/** Longer than a window of storms, so that the cases do not meet. */
const stepMs = 3_600_000;

/** Runs cases through the deployed bundle in a thread, over HTTP. */
export interface BundleRunner {
  readonly run: (fuzzCase: FuzzCase) => Promise<Outcome>;
  readonly stop: () => Promise<void>;
}

export async function createBundleRunner(): Promise<BundleRunner> {
  const directory = mkdtempSync(join(tmpdir(), 'csrwatch-fuzz-'));
  const services = await startLocalServices();
  await build(bundleOptions(directory));
  await build(threadOptions(directory));
  writeRules(directory, rules);
  const functions = startFunctions(directory, services);
  let environment = await functions.start();
  let cases = 0;
  return {
    async run(fuzzCase) {
      if (!environment.isAlive) environment = await functions.start();
      cases += 1;
      return invoke(fuzzCase, { environment, services, clockMs: cases * stepMs, scenario: `fuzz${cases}` });
    },
    async stop() {
      await functions.stop();
      await services.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

interface Place {
  readonly environment: ExecutionEnvironment;
  readonly services: LocalServices;
  readonly clockMs: number;
  readonly scenario: string;
}

async function invoke({ payload }: FuzzCase, place: Place): Promise<Outcome> {
  const { environment, services, clockMs, scenario } = place;
  const functionFound: Found[] = [];
  await services.tables.create(scenario);
  services.clients.set(environment.id, {
    scenario,
    next: () => undefined,
    kill: () => {},
    refused: () => {},
    followed: () => {},
    now: () => Date.now() + clockMs,
    object: (name) => {
      const object = payload.objects.find(({ key }) => key.endsWith(`/${name}`) || key === name);
      return object && { bytes: object.bytes, eTag: 'e' };
    },
    accepted: ({ topic, message }) => {
      if (topic === topics.json) {
        const { rule, event, format, request } = JSON.parse(message);
        functionFound.push(foundOf(rule.id, event, format, request));
      }
      return () => {};
    },
  });
  const answer = await environment.invoke({ event: payload.event, timeoutMs, clockMs });
  await services.tables.remove(scenario);
  const base = { functionFound, scanFound: undefined, scanFault: undefined, scanReported: 0 };
  if (!('ok' in answer)) {
    const thrown = [`the function died: ${environment.crashes[0] ?? 'it ran out of time'}`];
    return { ...base, isRefused: false, reasons: [], reported: 0, thrown };
  }
  const lines = answer.log.map((line) => JSON.parse(line));
  const isRefused = !answer.ok && /a trigger of an unknown kind/.test(answer.reason);
  const reasons = lines.flatMap(({ message, reasons: all }): string[] =>
    message === 'returned for retry' ? all : [],
  );
  const reported = lines.reduce((sum, { Rejected = 0, Suspicious = 0 }) => sum + Rejected + Suspicious, 0);
  const isExplained = answer.ok || isRefused || reasons.length > 0 || unknownMessage.test(answer.reason);
  return { ...base, isRefused, reasons, reported, thrown: isExplained ? [] : [answer.reason] };
}

/** Of a Kinesis record or a message of SQS, which is returned for retry without a line in the log. */
const unknownMessage = /^a (?:message|Kinesis record)/;
