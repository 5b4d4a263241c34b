import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { windowMs } from './deliveries.ts';
import type { Answer, Invoke } from './function-thread.ts';
import type { LocalServices } from './local-services.ts';
import { tables } from './local-tables.ts';

/** A process of the function, as Lambda starts them. */
export interface ExecutionEnvironment {
  readonly id: string;
  /** @returns how the invocation ended; `killed` if it was, or ran out of time */
  invoke(call: Invoke): Promise<Answer | { readonly killed: true }>;
  kill(): void;
  readonly isAlive: boolean;
  readonly crash: string | undefined;
}

/** The topics of the function's two channels. */
export const topics = {
  json: 'arn:aws:sns:eu-central-1:000000000000:findings',
  text: 'arn:aws:sns:eu-central-1:000000000000:alerts',
} as const;

/** function-thread.ts, compiled: to do that in each thread would take longer than to start it. */
export const threadFile = 'thread.mjs';

let serial = 0;

/**
 * Starts the bundle in a thread.
 * @param directory - with the bundle and thread.mjs
 */
export async function startEnvironment(
  directory: string,
  services: LocalServices,
): Promise<ExecutionEnvironment> {
  serial += 1;
  const id = `i${serial}`;
  const worker = new Worker(join(directory, threadFile), {
    workerData: {
      entry: pathToFileURL(join(directory, 'index.mjs')).href,
      codeCache: join(directory, 'cache'),
    },
    env: {
      ...services.environment(id),
      CSRWATCH_CHANNELS: JSON.stringify(
        Object.entries(topics).map(([rendering, topicArn]) => ({ rendering, topicArn, minSeverity: 'low' })),
      ),
      // an event has the same cluster, and so the same id, on every source
      CSRWATCH_CLUSTERS: JSON.stringify({ buckets: { 'audit-logs': 'prod' } }),
      CSRWATCH_TABLE: tables.dedup,
      CSRWATCH_WATCH_LIST_TABLE: tables.watch,
      CSRWATCH_TABLE_TIMEOUT_MS: '900',
      CSRWATCH_SUMMARY_SECONDS: String(windowMs / 1_000),
    },
  });
  let crash: string | undefined;
  let isAlive = true;
  let end: (answer: Answer | { readonly killed: true }) => void = () => {};
  worker.on('error', (error) => {
    crash = String(error);
  });
  worker.on('exit', () => {
    isAlive = false;
    end({ killed: true });
  });
  await new Promise<void>((resolve) => {
    worker.once('message', () => resolve());
    worker.once('exit', () => resolve());
  });
  if (!isAlive) throw new Error(`the function did not start: ${crash ?? ''}`);
  const kill = () => {
    isAlive = false;
    services.clients.delete(id);
    void worker.terminate();
    end({ killed: true });
  };
  return {
    id,
    kill,
    get isAlive() {
      return isAlive;
    },
    get crash() {
      return crash;
    },
    invoke: (call) =>
      new Promise((resolve) => {
        // Lambda ends a function whose time is over
        const timeout = setTimeout(kill, call.timeoutMs);
        const answered = (answer: Answer) => end(answer);
        end = (answer) => {
          clearTimeout(timeout);
          worker.off('message', answered);
          resolve(answer);
        };
        worker.once('message', answered);
        worker.postMessage(call);
      }),
  };
}
