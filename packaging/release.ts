import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFile, packageVersion } from '../lambda/rules/package-file.ts';
import { releaseProblems } from './release-problems.ts';
import { bundledSbom } from './sbom.ts';

// Checks and makes a release in dist-release/, and prints the commands that would publish it. It never publishes.
const folder = packageFile('dist-release');
const npm = (...args: readonly string[]) =>
  void execFileSync('npm', args, { cwd: packageFile('.'), stdio: ['ignore', 'inherit', 'inherit'] });
const say = (text: string) => void process.stdout.write(`${text}\n`);

if (process.argv.slice(2).join(' ') !== '--dry-run') {
  process.stderr.write(
    'release: it needs --dry-run, since it never publishes: npm run release -- --dry-run\n',
  );
  process.exit(2);
}
const problems = releaseProblems(packageFile('.'));
if (problems.length > 0) {
  process.stderr.write(`${problems.map((problem) => `release: ${problem}`).join('\n')}\n`);
  process.exit(2);
}
npm('run', 'check');
npm('run', 'fixtures:release', '--', '--check');
npm('test');
npm('run', 'package');
npm('pack', '--pack-destination', folder);
writeFileSync(join(folder, 'csrwatch.cdx.json'), `${JSON.stringify(bundledSbom(), null, 2)}\n`);
const sums = readdirSync(folder)
  .sort()
  .map(
    (name) =>
      `${createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex')}  ${name}\n`,
  );
writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
const version = packageVersion();
say(`\nThe release is in dist-release/:\n\n${sums.join('')}
Nothing is published. These commands would publish it:

  git tag --annotate v${version} --message v${version} && git push origin v${version}
  npm publish dist-release/csrwatch-${version}.tgz --access public

Attach the files of dist-release/ to the release of the tag.`);
