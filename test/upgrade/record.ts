// Records what this version writes into the tables: npm run fixtures:release
// Later versions are tried with it (upgrade.test.ts). With --check, it only compares.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { startLocalStack } from '../../cli/local/topology.ts';
import { packageFile, packageVersion } from '../../lambda/rules/package-file.ts';
import { readTables, type TableContents } from './table-contents.ts';
import { writeItems } from './two-versions.ts';

const version = packageVersion();
const folder = packageFile('test/fixtures/releases');
const path = `${folder}/${version}.json`;

async function recorded(): Promise<TableContents> {
  const stack = await startLocalStack();
  await writeItems(stack, (variables) => stack.startAnother('objects', variables));
  const contents = await readTables(stack, version);
  await stack.stop();
  return contents;
}

/** The kinds of items: which attributes occur together in a table. */
function kinds({ tables }: TableContents): string {
  return Object.entries(tables)
    .flatMap(([table, items]) => items.map((item) => `${table}: ${Object.keys(item).sort().join(' ')}`))
    .filter((kind, index, all) => all.indexOf(kind) === index)
    .sort()
    .join('\n');
}

function fail(reason: string): never {
  process.stderr.write(`fixtures:release: ${reason}\n`);
  process.exit(2);
}

if (process.argv[2] === '--check') {
  const isCurrent =
    existsSync(path) && kinds(JSON.parse(readFileSync(path, 'utf8'))) === kinds(await recorded());
  if (!isCurrent) fail(`${path} is not what this version writes: npm run fixtures:release`);
} else {
  const { stdout } = spawnSync('git', ['tag', '--list', `v${version}`], { encoding: 'utf8' });
  if (stdout.trim() !== '') fail(`v${version} is released: raise the version`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${JSON.stringify(await recorded(), null, 2)}\n`);
}
