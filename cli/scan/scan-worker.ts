import { parentPort, workerData } from 'node:worker_threads';
import type { InputRef } from './input-ref.ts';
import type { ScanItem } from './scan-item.ts';
import { createScanner, needsStories, type OneReport } from './scan-one.ts';
import type { ScanOptions } from './scan-options.ts';
import { chooseRules } from './scan-rules.ts';

/** What a worker thread is asked to do. */
export type Task =
  | { readonly kind: 'scan'; readonly ref: InputRef }
  /** One batch of items was used. */
  | { readonly kind: 'used' }
  | { readonly kind: 'stop' };

/** What a worker thread answers. The items of an input come in their order, then its report. */
export type Answer =
  | { readonly kind: 'bytes'; readonly bytes: number }
  | { readonly kind: 'items'; readonly items: readonly ScanItem[] }
  | { readonly kind: 'done'; readonly report: OneReport };

const batchItems = 32;
/** Batches that may wait to be used, so that memory stays bounded while an earlier input is printed. */
const maxWaiting = 8;

const options: ScanOptions = workerData;
const rules = await chooseRules(options, needsStories(options));
if (!rules.ok) throw new Error(rules.messages.join('\n'));
const scanOne = createScanner(rules, options);
const stopping = new AbortController();
let waiting = 0;
let onUsed = () => {};

const send = (answer: Answer) => parentPort?.postMessage(answer);

parentPort?.on('message', (task: Task) => {
  switch (task.kind) {
    case 'scan':
      void run(task.ref);
      break;
    case 'used':
      waiting -= 1;
      onUsed();
      break;
    case 'stop':
      stopping.abort();
      break;
  }
});

async function run(ref: InputRef): Promise<void> {
  let batch: ScanItem[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    send({ kind: 'items', items: batch });
    batch = [];
    waiting += 1;
    while (waiting >= maxWaiting) {
      await new Promise<void>((resolve) => {
        onUsed = resolve;
      });
    }
  };
  const report = await scanOne(ref, {
    signal: stopping.signal,
    onBytes: (bytes) => send({ kind: 'bytes', bytes }),
    onItem: async (item) => {
      batch.push(item);
      if (batch.length >= batchItems) await flush();
    },
  });
  await flush();
  send({ kind: 'done', report });
}
