// An execution environment of Lambda: the bundle in a thread, with its environment and a clock that the simulation moves.
import { enableCompileCache, flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../lambda/message-of.ts';

/** One invocation. */
export interface Invoke {
  readonly event: unknown;
  readonly timeoutMs: number;
  /** How far the clock is ahead of the machine's. */
  readonly clockMs: number;
  /** Stores the compiled code of the bundle for the threads that start later. */
  readonly storesCode?: boolean;
}

/** `log` has the lines that the function wrote. */
export type Answer = { readonly log: readonly string[] } & (
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly reason: string }
);

if (parentPort === null) throw new Error('not started as a thread');
const port = parentPort;
enableCompileCache(workerData.codeCache);
const machineNow = Date.now;
let aheadMs = 0;
Date.now = () => machineNow() + aheadMs;

let log = '';
// the parent would get it from the stream only after the answer
process.stdout.write = (text: string | Uint8Array) => {
  log += text;
  return true;
};

const { handler }: { handler: (event: unknown, context: object) => Promise<unknown> } = await import(
  workerData.entry
);
port.on('message', async ({ event, timeoutMs, clockMs, storesCode }: Invoke) => {
  aheadMs = clockMs;
  log = '';
  const untilMs = Date.now() + timeoutMs;
  const lines = () => log.split('\n').filter((line) => line !== '');
  const reply = (answer: Answer) => port.postMessage(answer);
  try {
    const context = { getRemainingTimeInMillis: () => untilMs - Date.now() };
    const result = (await handler(event, context)) ?? null;
    if (storesCode) flushCompileCache();
    reply({ ok: true, result, log: lines() });
  } catch (error) {
    reply({ ok: false, reason: messageOf(error), log: lines() });
  }
});
port.postMessage('ready');
