import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Answer, Invoke } from './function-thread.ts';
import type { LocalServices } from './local-services.ts';

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

const thread = fileURLToPath(new URL('./function-thread.ts', import.meta.url));
let serial = 0;

/**
 * Starts the bundle in a thread.
 * @param entry - path of index.mjs
 */
export async function startEnvironment(
  entry: string,
  services: LocalServices,
): Promise<ExecutionEnvironment> {
  serial += 1;
  const id = `i${serial}`;
  const worker = new Worker(thread, {
    workerData: { entry: pathToFileURL(entry).href },
    env: {
      ...services.environment(id),
      CSRWATCH_CHANNELS: JSON.stringify(
        Object.entries(topics).map(([rendering, topicArn]) => ({ rendering, topicArn, minSeverity: 'low' })),
      ),
      // an event has the same cluster, and so the same id, on every source
      CSRWATCH_CLUSTERS: JSON.stringify({ buckets: { 'audit-logs': 'prod' } }),
      CSRWATCH_TABLE: 'dedup',
      CSRWATCH_TABLE_TIMEOUT_MS: '600',
      CSRWATCH_SUMMARY_SECONDS: '900',
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
