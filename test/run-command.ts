import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const script = fileURLToPath(new URL('../cli/csrwatch.js', import.meta.url));

/** Runs the command as a user does, in its own process. */
export function runCommand(command: string, args: readonly string[], input: string | Buffer = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, command, ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 256 * 2 ** 20,
  });
  return { status, stdout, stderr };
}

/** The same without waiting for the exit. */
export function startCommand(command: string, args: readonly string[]) {
  return spawn(process.execPath, [script, command, ...args]);
}

export const runScan = (args: readonly string[], input?: string | Buffer) => runCommand('scan', args, input);
