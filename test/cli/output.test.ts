import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startCommand } from '../run-command.ts';

test.each([
  ['scan', ['--query', '*', 'samples/eks.ndjson.gz']],
  ['scan', ['--help']],
  ['rules', ['list']],
  ['rules', ['check', '--format', 'json']],
] as const)('%s %j exits quietly if its output is not read', async (command, args) => {
  const child = startCommand(command, args);
  child.stdout.destroy();
  const [said, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect({ said, status }).toEqual({ said: '', status: 0 });
});
