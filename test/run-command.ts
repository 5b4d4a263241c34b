import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = (command: string) => fileURLToPath(new URL(`../cli/${command}.ts`, import.meta.url));

/** Runs the command as a user does: a process of its own. */
export function runCommand(command: 'scan' | 'rules', args: readonly string[], input: string | Buffer = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script(command), ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 256 * 2 ** 20,
  });
  return { status, stdout, stderr };
}

export const runScan = (args: readonly string[], input?: string | Buffer) => runCommand('scan', args, input);
