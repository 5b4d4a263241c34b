import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageFile } from '../../lambda/rules/package-file.ts';
import { releaseProblems } from '../../packaging/release-problems.ts';

let repository: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: repository });
const write = (name: string, text: string) => writeFileSync(join(repository, name), text);

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'csrwatch-release-'));
  git('init', '--quiet');
  write('package.json', '{"version":"1.2.3"}');
  write('CHANGELOG.md', '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-11-27\n\n- Something.\n');
  mkdirSync(join(repository, 'test/fixtures/releases'), { recursive: true });
  write('test/fixtures/releases/1.2.3.json', '{}');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
});
afterEach(() => rmSync(repository, { recursive: true }));

test('a clean repository whose changelog has a section for the version can be released', () => {
  expect(releaseProblems(repository)).toEqual([]);
});

test('files that are not committed prevent a release', () => {
  write('other.txt', '');
  expect(releaseProblems(repository)).toEqual([expect.stringContaining('?? other.txt')]);
});

test.each([
  ['no section', '## [Unreleased]\n\n- Something.\n'],
  ['no date', '## [1.2.3]\n\n- Something.\n'],
  ['an empty section', '## [1.2.3] - 2026-11-27\n\n## [1.2.2] - 2026-11-26\n\n- Something.\n'],
])('a changelog with %s prevents a release', (_, text) => {
  write('CHANGELOG.md', text);
  git('commit', '--quiet', '--all', '--message', 'second');
  expect(releaseProblems(repository)).toEqual([expect.stringContaining('"## [1.2.3] - YYYY-MM-DD"')]);
});

test('a release needs the recording of what its version stores', () => {
  git('rm', '--quiet', 'test/fixtures/releases/1.2.3.json');
  git('commit', '--quiet', '--message', 'second');
  expect(releaseProblems(repository)).toEqual([expect.stringContaining('npm run fixtures:release')]);
});

test('a tag of the version prevents a release', () => {
  git('tag', 'v1.2.3');
  expect(releaseProblems(repository)).toEqual(['the tag v1.2.3 exists: raise the version']);
});

test.each([[], ['--publish'], ['--dry-run', 'now']])(
  'release %j does nothing without --dry-run alone',
  (...args) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [packageFile('packaging/release.ts'), ...args],
      {
        encoding: 'utf8',
      },
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('it never publishes');
  },
);
