import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Why a repository cannot be released as it is. */
export function releaseProblems(repository: string): string[] {
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: repository, encoding: 'utf8' }).trim();
  const { version }: { version: string } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const changelog = readFileSync(join(repository, 'CHANGELOG.md'), 'utf8');
  const recording = `test/fixtures/releases/${version}.json`;
  const changed = git('status', '--porcelain');
  const section = changelog.split(/^(?=## )/m).find((part) => part.startsWith(`## [${version}] - `)) ?? '';
  const isDated = /^## \[.*\] - \d{4}-\d\d-\d\d\n\s*\S/.test(section);
  return [
    ...(changed === '' ? [] : [`files are not committed:\n${changed}`]),
    ...(isDated ? [] : [`CHANGELOG.md needs a section "## [${version}] - YYYY-MM-DD" with the changes`]),
    ...(existsSync(join(repository, recording))
      ? []
      : [`${recording} is missing: npm run fixtures:release, and commit it`]),
    ...(git('tag', '--list', `v${version}`) === '' ? [] : [`the tag v${version} exists: raise the version`]),
  ];
}
