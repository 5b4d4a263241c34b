import { spawn, spawnSync } from 'node:child_process';
import { inject } from 'vitest';
import { packageFile } from '../lambda/rules/package-file.ts';

const checkoutScript = packageFile('cli/csrwatch.js');
/** As the package holds it. */
export const scanScript = inject('packagedCommand');

/** Runs the command as a user of a checkout does, in its own process. */
export function runCommand(command: string, args: readonly string[], input: string | Buffer = '') {
  return run(checkoutScript, [command, ...args], input);
}

/** The same without waiting for the exit. */
export function startCommand(command: string, args: readonly string[]) {
  return spawn(process.execPath, [checkoutScript, command, ...args]);
}

/** Runs the packaged command. */
export function runScan(args: readonly string[], input: string | Buffer = '') {
  return run(scanScript, ['scan', ...args], input);
}

/** The same without waiting for the exit. */
export function startScan(args: readonly string[]) {
  return spawn(process.execPath, [scanScript, 'scan', ...args]);
}

function run(script: string, args: readonly string[], input: string | Buffer) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 256 * 2 ** 20,
  });
  return { status, stdout, stderr };
}
