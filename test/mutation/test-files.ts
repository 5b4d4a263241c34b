import { globSync } from 'node:fs';
import { filesOf } from '../../vitest.config.ts';

/** The tests that may kill a folder's mutants, as patterns below test/: unit tests, unless there are no others. */
const testsOf: Readonly<
  Record<string, { readonly unit: readonly string[]; readonly other?: readonly string[] }>
> = {
  kql: { unit: ['kql/*.test.ts', 'rules/*.test.ts', 'scan/formats.test.ts'] },
  findings: {
    unit: ['findings/**/*.test.ts', 'kql/table.test.ts', 'detector.test.ts', 'truth-table.test.ts'],
  },
  framing: { unit: ['framing/*.test.ts', 'scan/*.test.ts'] },
  dedup: { unit: ['dedup/*.test.ts', 'alerts/*.test.ts'], other: ['dedup/*.test.ts'] },
};

/** They compile the code again, with another program or with mutants of their own. */
const excluded = ['test/kql/mutants.test.ts', 'test/findings/x509/go.test.ts'];

export function testFilesFor(targets: readonly string[], root: string): readonly string[] {
  const units = new Set(filesOf('unit'));
  const matching = (pattern: string) => globSync(`test/${pattern}`, { cwd: root }).sort();
  const folders = new Set(targets.map((target) => target.split('/')[1] ?? ''));
  const files = [...folders].flatMap((folder) => {
    const { unit = [], other = [] } = testsOf[folder] ?? {};
    return [...unit.flatMap(matching).filter((file) => units.has(file)), ...other.flatMap(matching)];
  });
  return [...new Set(files)].filter((file) => !excluded.includes(file));
}
