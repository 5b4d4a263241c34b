import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../infra/bundle.ts';
import { writeRules } from '../../infra/rules-file.ts';
import { type ExecutionEnvironment, startEnvironment, topics } from '../chaos/execution-environments.ts';
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
  writeRules(directory, rules);
  const start = () => startEnvironment(join(directory, 'index.mjs'), services);
  let environment = await start();
  let cases = 0;
  return {
    async run(fuzzCase) {
      if (!environment.isAlive) environment = await start();
      cases += 1;
      return invoke(fuzzCase, { environment, services, clockMs: cases * stepMs, table: `fuzz${cases}` });
    },
    async stop() {
      environment.kill();
      await services.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

interface Place {
  readonly environment: ExecutionEnvironment;
  readonly services: LocalServices;
  readonly clockMs: number;
  readonly table: string;
}

async function invoke({ payload }: FuzzCase, place: Place): Promise<Outcome> {
  const { environment, services, clockMs, table } = place;
  const functionFound: Found[] = [];
  await services.createTable(table);
  services.clients.set(environment.id, {
    table,
    next: () => undefined,
    kill: () => {},
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
  await services.deleteTable(table);
  const base = { functionFound, scanFound: undefined, scanFault: undefined };
  if (!('ok' in answer)) {
    const thrown = [`the function died: ${environment.crash ?? 'it ran out of time'}`];
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
