// Execution environments of Lambda: the bundle once for each, in one thread, each with its clock, its variables and its log.
import { AsyncLocalStorage } from 'node:async_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../lambda/message-of.ts';

/** What happens to an execution environment. */
export type Command =
  | { readonly kind: 'start' | 'kill'; readonly id: string }
  | { readonly kind: 'invoke'; readonly id: string; readonly call: Invoke };

/** One invocation. */
export interface Invoke {
  readonly event: unknown;
  readonly timeoutMs: number;
  /** How far the clock is ahead of the machine's. */
  readonly clockMs: number;
}

/** `log` has the lines that the function wrote. */
export type Answer = { readonly log: readonly string[] } & (
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly reason: string }
);

/** What the thread reports. */
export type Report =
  | { readonly kind: 'started'; readonly id: string }
  | { readonly kind: 'answer'; readonly id: string; readonly answer: Answer }
  /** An error that no one caught. */
  | { readonly kind: 'crash'; readonly id: string | undefined; readonly reason: string };

type Handler = (event: unknown, context: object) => Promise<unknown>;

/** Follows what an invocation started, however it waits. */
interface Running {
  readonly id: string;
  readonly aheadMs: number;
  log: string;
}

if (parentPort === null) throw new Error('not started as a thread');
const port = parentPort;
const report = (one: Report) => port.postMessage(one);
const running = new AsyncLocalStorage<Running>();
const handlers = new Map<string, Handler>();
const killed = new Set<string>();

const machineNow = Date.now;
Date.now = () => machineNow() + (running.getStore()?.aheadMs ?? 0);

process.stdout.write = (text: string | Uint8Array) => {
  const invocation = running.getStore();
  if (invocation) invocation.log += text;
  return true;
};

// the SDK reads the addresses of the services when a client is used first
const variables = process.env;
process.env = new Proxy(variables, {
  get(target, name) {
    const value = typeof name === 'string' ? target[name] : undefined;
    return value?.replace('{environment}', running.getStore()?.id ?? 'none');
  },
});

const crashed = (error: unknown) => {
  const id = running.getStore()?.id;
  if (id === undefined || !killed.has(id)) report({ kind: 'crash', id, reason: messageOf(error) });
};
process.on('uncaughtException', crashed);
process.on('unhandledRejection', crashed);

port.on('message', (command: Command) => {
  switch (command.kind) {
    case 'start':
      return start(command.id);
    case 'kill':
      killed.add(command.id);
      return handlers.delete(command.id);
    case 'invoke':
      return invoke(command.id, command.call);
  }
});

/** A module with another query is evaluated again, so it has nothing of what another environment remembers. */
async function start(id: string): Promise<void> {
  const { handler }: { handler: Handler } = await import(`${workerData.entry}?${id}`);
  handlers.set(id, handler);
  report({ kind: 'started', id });
}

async function invoke(id: string, { event, timeoutMs, clockMs }: Invoke): Promise<void> {
  const handler = handlers.get(id);
  if (handler === undefined) return;
  const invocation: Running = { id, aheadMs: clockMs, log: '' };
  const lines = () => invocation.log.split('\n').filter((line) => line !== '');
  const untilMs = machineNow() + timeoutMs;
  const context = { getRemainingTimeInMillis: () => untilMs - machineNow() };
  try {
    const result = (await running.run(invocation, () => handler(event, context))) ?? null;
    report({ kind: 'answer', id, answer: { ok: true, result, log: lines() } });
  } catch (error) {
    report({ kind: 'answer', id, answer: { ok: false, reason: messageOf(error), log: lines() } });
  }
}
