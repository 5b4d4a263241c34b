import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { argumentFor, equivalentMutants } from './equivalent-mutants.ts';
import { instrument, type Mutant, oneLine } from './mutants.ts';
import { reloaded, testFilesFor } from './test-files.ts';
import { testRuns } from './test-run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** How often and how long the code may ask for its mutants in a run of all tests, so that an endless loop ends. */
const reloadAsks = 100_000_000;
const reloadMs = 20_000;

const { values, positionals: targets } = parseArgs({
  allowPositionals: true,
  options: { 'max-ms': { type: 'string', default: '500' } },
});
/** Of processor time: slower tests are not repeated for each mutant. */
const slowMs = Number(values['max-ms']);
/** Nor are these when the code is loaded again for a mutant. */
const slowToReloadMs = Math.min(100, slowMs);
const files = targets.flatMap((target) => (target.endsWith('.ts') ? [target] : filesBelow(target)));
if (files.length === 0) {
  console.error('usage: npm run mutation -- [--max-ms N] <folder or file below lambda/>...');
  process.exit(2);
}

const folderOf = (file: string) => file.split('/').slice(0, 2).join('/');
const folders = [...new Set(files.map(folderOf))];
const others = folders.flatMap((folder) => filesBelow(folder)).filter((file) => !files.includes(file));
const mutants: Mutant[] = [];
const instrumented = new Map<string, string>();
let size = 1;
// the others of the folder, too: a mutant may let one of them loop endlessly
for (const file of [...files.sort(), ...others]) {
  const path = join(root, file);
  const result = instrument(file, readFileSync(path, 'utf8'), size);
  instrumented.set(path, result.text);
  size += result.mutants.length;
  if (files.includes(file)) mutants.push(...result.mutants);
}

const killed = new Set<number>();
const loaded = new Set<number>();
const reached = new Set<number>();
const slow: string[] = [];
const { run, close } = await testRuns(root, testFilesFor(files, root), size, instrumented);
const { verdicts, errors } = await run({
  kind: 'all',
  mutants: mutants.filter(({ file }) => !reloaded.includes(file)).map(({ id }) => id),
  slowMs,
  slowToReloadMs,
});
for (const { id, file } of mutants) if (reloaded.includes(file)) loaded.add(id);
for (const verdict of verdicts) {
  switch (verdict.kind) {
    case 'loaded':
    case 'reached':
      for (const id of verdict.mutants) (verdict.kind === 'loaded' ? loaded : reached).add(id);
      break;
    case 'killed':
      killed.add(verdict.mutant);
      break;
    case 'residue':
      console.error(
        `not used any more after mutant ${verdict.mutant}, which broke it lastingly: ${verdict.test}`,
      );
      break;
    case 'slow':
      slow.push(verdict.test);
  }
}
if (errors.length > 0) {
  console.error(`the tests fail without a mutant:\n${errors.join('\n')}`);
  process.exit(1);
}
console.error(`${killed.size} of ${mutants.length} mutants killed; loading the code again for others`);
for (const mutant of loaded) {
  if (killed.has(mutant) || mutant > mutants.length) continue;
  const result = await run({ kind: 'reload', mutant, slow, asks: reloadAsks, ms: reloadMs });
  if (result.errors.length > 0) killed.add(mutant);
}
await close();

const survivors = mutants.filter(({ id }) => !killed.has(id));
const open = survivors.filter((mutant) => argumentFor(mutant) === undefined);
for (const { id, file, line, from, to } of open) {
  const note = loaded.has(id) || reached.has(id) ? '' : '  (no test reaches it)';
  console.log(`${file}:${line}  ${oneLine(from)} -> ${oneLine(to)}${note}`);
}
const stale = equivalentMutants.filter(
  ({ file, from, to }) =>
    files.includes(file) &&
    to.some(
      (text) =>
        !survivors.some((mutant) => argumentFor(mutant)?.from === from && oneLine(mutant.to) === text),
    ),
);
for (const { file, from, to } of stale)
  console.log(`${file}: killed, although listed: ${from} -> ${to.join(', ')}`);
const percent = (part: number, whole: number) => `${((part / whole) * 100).toFixed(1)} %`;
const argued = survivors.length - open.length;
console.log(
  `${mutants.length} mutants, ${killed.size} killed: ${percent(killed.size, mutants.length)}, ` +
    `${percent(killed.size, mutants.length - argued)} without ${argued} equivalent ones`,
);
process.exitCode = stale.length > 0 ? 1 : 0;

function filesBelow(folder: string): string[] {
  return globSync(`${folder}/**/*.ts`, { cwd: root, exclude: ['**/*.d.ts'] });
}
