import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const lambdaProcess = fileURLToPath(new URL('./lambda-process.ts', import.meta.url));

export interface LocalFunction {
  /** Resolves with the handler's response; rejects with its error. */
  invoke(event: unknown): Promise<unknown>;
  /** The lines of the function's log so far. */
  readonly log: readonly string[];
  /** Of the process that runs the bundle. */
  readonly pid: number | undefined;
  stop(): void;
}

export type StartFunction = typeof startFunction;

type Reply =
  | { readonly ready: true }
  | { readonly id: number; readonly ok: true; readonly result?: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string };

/**
 * Starts the bundle in a process of its own.
 * @param entry - path of index.mjs
 * @param environment - the function's variables; it sees no other
 * @param timeoutMs - the handler's remaining time at the start of each call; nothing stops the handler after it
 * @throws Error with the function's log if it does not start
 */
export async function startFunction(
  entry: string,
  environment: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<LocalFunction> {
  const child = fork(lambdaProcess, [pathToFileURL(entry).href], {
    env: { ...environment },
    silent: true,
  });
  const log: string[] = [];
  collectLines(child, log);
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let next = 0;
  await new Promise<void>((resolve, reject) => {
    child.on('message', (reply: Reply) => {
      if ('ready' in reply) return resolve();
      const call = waiting.get(reply.id);
      waiting.delete(reply.id);
      if (reply.ok) call?.resolve(reply.result);
      else call?.reject(new Error(reply.message));
    });
    child.once('exit', (code) => {
      const ended = new Error(`the function ended with ${code}:\n${log.join('\n')}`);
      reject(ended);
      for (const call of waiting.values()) call.reject(ended);
    });
  });
  return {
    log,
    pid: child.pid,
    invoke: (event) =>
      new Promise((resolve, reject) => {
        waiting.set(next, { resolve, reject });
        child.send({ id: next++, event, timeoutMs });
      }),
    stop: () => child.kill(),
  };
}

/** Appends the lines that a process writes. */
export function collectLines(child: ChildProcess, log: string[]): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      log.push(...lines);
    });
  }
}
