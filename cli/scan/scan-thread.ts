import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../lambda/message-of.ts';
import { ScanTally } from '../../lambda/scan/scan-tally.ts';
import { type InputRef, originOf } from './input-ref.ts';
import type { ScanItem } from './scan-item.ts';
import type { OneReport } from './scan-one.ts';
import type { ScanOptions } from './scan-options.ts';
import type { Answer, Task } from './scan-worker.ts';

/** Scans one input: here, or in a worker thread. */
export type ScanOne = (
  ref: InputRef,
  hooks: {
    readonly signal: AbortSignal;
    readonly onBytes: (bytes: number) => void;
    readonly onItem: (item: ScanItem) => Promise<void>;
  },
) => Promise<OneReport>;

/** Beside the source, or in the package. */
const workerFile = ['scan-worker.ts', 'scan-worker.js']
  .map((name) => new URL(name, import.meta.url))
  .find((url) => existsSync(fileURLToPath(url)));

export const canUseWorkers = workerFile !== undefined;

/** A thread that scans one input at a time. */
export interface ScanThread {
  readonly scan: ScanOne;
  stop(): Promise<unknown>;
}

export function startThread(options: ScanOptions): ScanThread {
  if (workerFile === undefined) throw new Error('the worker thread has no file');
  const worker = new Worker(workerFile, { workerData: options });
  const send = (task: Task) => worker.postMessage(task);
  return {
    scan: (ref, { signal, onBytes, onItem }) =>
      new Promise<OneReport>((resolve) => {
        // the items of a batch are used one after another, and the report comes last
        let used = Promise.resolve();
        const stop = () => send({ kind: 'stop' });
        const onAnswer = (answer: Answer) => {
          switch (answer.kind) {
            case 'bytes':
              onBytes(answer.bytes);
              break;
            case 'items':
              used = used.then(async () => {
                for (const item of answer.items) await onItem(item);
                send({ kind: 'used' });
              });
              break;
            case 'done':
              void used.then(() => end(answer.report));
              break;
          }
        };
        const fail = (error: unknown) => used.then(() => end(failed(ref, messageOf(error))));
        const onExit = (code: number) => fail(new Error(`the worker thread ended with ${code}`));
        const end = (report: OneReport) => {
          worker.off('message', onAnswer).off('error', fail).off('exit', onExit);
          signal.removeEventListener('abort', stop);
          resolve(report);
        };
        worker.on('message', onAnswer).on('error', fail).on('exit', onExit);
        if (signal.aborted) stop();
        else signal.addEventListener('abort', stop);
        send({ kind: 'scan', ref });
      }),
    stop: () => worker.terminate(),
  };
}

/** Out of memory, for example. */
function failed(ref: InputRef, reason: string): OneReport {
  return { report: { ...new ScanTally().report(), fault: { origin: originOf(ref), reason } }, minutes: [] };
}
