import { type ChildProcess, spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectLines, type LocalFunction } from '../../cli/local/local-function.ts';
import { listening } from '../loopback-server.ts';
import type { LambdaRuntime } from './lambda-runtime.ts';

/**
 * Runs the bundle as Lambda does: its process is started at the first invocation, and again after a timeout or a crash.
 * @param entry - path of index.mjs
 * @param environment - the function's variables; it sees no other
 * @param timeoutMs - whole seconds
 */
export async function startEmulated(
  { emulator, client }: LambdaRuntime,
  entry: string,
  environment: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<LocalFunction> {
  const directory = dirname(entry);
  const [api, front] = [await freePort(), await freePort()];
  const child = spawn(
    emulator,
    [
      ...['--log-level', 'error', '--runtime-api-address', `127.0.0.1:${api}`],
      ...['--runtime-interface-emulator-address', `127.0.0.1:${front}`],
      ...[process.execPath, client, 'index.handler'],
    ],
    {
      cwd: directory,
      env: {
        ...environment,
        LAMBDA_TASK_ROOT: directory,
        AWS_LAMBDA_FUNCTION_TIMEOUT: String(timeoutMs / 1_000),
      },
    },
  );
  const log: string[] = [];
  collectLines(child, log);
  const url = `http://127.0.0.1:${front}/2015-03-31/functions/function/invocations`;
  await answering(front, child);
  return {
    log,
    get pid() {
      return runtimeOf(child);
    },
    async invoke(event) {
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(event) });
      return answered(await response.text());
    },
    stop() {
      const pid = runtimeOf(child);
      child.kill('SIGKILL');
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    },
  };
}

/** The emulator answers an error in the body. @throws Error with it */
function answered(body: string): unknown {
  if (body === '') throw new Error('the function could not be started');
  if (body.startsWith('Task timed out')) throw new Error(body);
  const result = JSON.parse(body);
  const { errorType, errorMessage } = Object(result);
  if (errorType !== undefined) throw new Error(`${errorType}: ${errorMessage}`);
  return result;
}

/** Any thread of the emulator may have started it. */
function runtimeOf({ pid }: ChildProcess): number | undefined {
  const lists = globSync(`/proc/${pid}/task/*/children`).map((path) => readFileSync(path, 'utf8'));
  const [first] = lists.flatMap((list) => list.split(' ').filter((text) => text !== ''));
  return first === undefined ? undefined : Number(first);
}

async function freePort(): Promise<number> {
  const { port, stop } = await listening(createServer());
  await stop();
  return port;
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answer) return;
    await sleep(20);
  }
  throw new Error(`the emulator ended with ${child.exitCode}`);
}
