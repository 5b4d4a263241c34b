import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const placeholder = /…|\b(?:FILE|NAME|LOG|ID|PATH|BUCKET)\b/;

/** The commands that a page shows as code and that need neither AWS nor a file of the reader's. */
function commandsOf(path: string): string[] {
  const page = readFileSync(`${root}${path}`, 'utf8');
  const lines = [...page.matchAll(/^ {4,}(npx csrwatch (?:scan|rules) .*)$/gm)].map(([, line = '']) => line);
  return lines.filter((line) => !placeholder.test(line));
}

/** `npx csrwatch`, without the second that npx takes. Another test runs it with npx. */
const withoutNpx = `npx() {
  shift
  [ "$1" = scan ] && script='${inject('packagedCommand')}' || script=cli/csrwatch.js
  '${process.execPath}' "$script" "$@"
}`;

describe.each([
  'README.md',
  'docs/first-day.md',
  'docs/kql.md',
  'docs/investigating.md',
  'examples/README.md',
])('the commands of %s', (path) => {
  const commands = commandsOf(path);

  test('include at least one that can be tried', () => {
    expect(commands).not.toEqual([]);
  });

  test.each(commands)('%s', (command) => {
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['-o', 'pipefail', '-c', `${withoutNpx}\n${command}`],
      {
        cwd: root,
        encoding: 'utf8',
      },
    );
    // 0: nothing found, 1: findings; 2 would be a wrong call or a broken rule
    expect([0, 1], stderr).toContain(status);
    expect(stdout).not.toBe('');
  });
});
