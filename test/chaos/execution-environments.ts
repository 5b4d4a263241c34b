import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { windowMs } from './deliveries.ts';
import type { Answer, Command, Invoke, Report } from './function-thread.ts';
import type { LocalServices } from './local-services.ts';
import { tables } from './scenario-tables.ts';

type Ended = Answer | { readonly killed: true };

/** A process of the function, as Lambda starts them. */
export interface ExecutionEnvironment {
  readonly id: string;
  /** @returns how the invocation ended; `killed` if it was, or ran out of time */
  invoke(call: Invoke): Promise<Ended>;
  /** None of its requests takes effect any more, and nothing remembers what it knew. */
  kill(): void;
  readonly isAlive: boolean;
  /** Errors that no one caught. */
  readonly crashes: readonly string[];
}

/** Starts execution environments. */
export interface Functions {
  start(): Promise<ExecutionEnvironment>;
  stop(): Promise<void>;
}

/** The topics of the function's two channels. */
export const topics = {
  json: 'arn:aws:sns:eu-central-1:000000000000:findings',
  text: 'arn:aws:sns:eu-central-1:000000000000:alerts',
} as const;

/** function-thread.ts, compiled. */
export const threadFile = 'thread.mjs';

interface Open {
  started: () => void;
  end: (ended: Ended) => void;
  readonly crashes: string[];
}

/**
 * Runs the bundle in a thread of its own. All environments share it, since a thread for each would take most of the time.
 * @param directory - with the bundle and thread.mjs
 */
export function startFunctions(directory: string, services: LocalServices): Functions {
  const worker = new Worker(join(directory, threadFile), {
    workerData: { entry: pathToFileURL(join(directory, 'index.mjs')).href },
    env: {
      ...services.environment('{environment}'),
      CSRWATCH_CHANNELS: JSON.stringify(
        Object.entries(topics).map(([rendering, topicArn]) => ({ rendering, topicArn, minSeverity: 'low' })),
      ),
      // an event has the same cluster, and so the same id, on every source
      CSRWATCH_CLUSTERS: JSON.stringify({ buckets: { 'audit-logs': 'prod' } }),
      CSRWATCH_TABLE: tables.dedup,
      CSRWATCH_WATCH_LIST_TABLE: tables.watch,
      CSRWATCH_TABLE_TIMEOUT_MS: '1500',
      CSRWATCH_SUMMARY_SECONDS: String(windowMs / 1_000),
    },
  });
  const open = new Map<string, Open>();
  const command = (one: Command) => worker.postMessage(one);
  worker.on('message', (report: Report) => {
    switch (report.kind) {
      case 'started':
        return open.get(report.id)?.started();
      case 'answer':
        return open.get(report.id)?.end(report.answer);
      case 'crash':
        // of a later time than its invocation: any environment may report it
        for (const { crashes } of open.values()) crashes.push(report.reason);
    }
  });
  let serial = 0;
  return {
    async start() {
      serial += 1;
      const id = `i${serial}`;
      const one: Open = { started: () => {}, end: () => {}, crashes: [] };
      open.set(id, one);
      const started = new Promise<void>((resolve) => {
        one.started = resolve;
      });
      command({ kind: 'start', id });
      await started;
      const kill = () => {
        open.delete(id);
        services.clients.delete(id);
        command({ kind: 'kill', id });
        one.end({ killed: true });
      };
      return {
        ...{ id, kill, crashes: one.crashes },
        get isAlive() {
          return open.has(id);
        },
        invoke: (call) =>
          new Promise((resolve) => {
            // Lambda ends a function whose time is over
            const timeout = setTimeout(kill, call.timeoutMs);
            one.end = (ended) => {
              clearTimeout(timeout);
              resolve(ended);
            };
            command({ kind: 'invoke', id, call });
          }),
      };
    },
    stop: async () => void (await worker.terminate()),
  };
}
