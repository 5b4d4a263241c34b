import { globSync } from 'node:fs';
import { filesOf } from '../../vitest.config.ts';

/** The tests that may kill the mutants below a folder, as patterns below test/, the quick ones first. */
const testsOf: readonly (readonly [folder: string, ...patterns: string[]])[] = [
  ['lambda/kql', 'kql/*.test.ts', 'rules/*.test.ts', 'scan/formats.test.ts'],
  ['lambda/findings/x509', 'findings/x509/*.test.ts', 'findings/{signals,reading}.test.ts'],
  [
    'lambda/findings',
    'findings/{event-kinds,event-facts,finding-facts,signal-texts}.test.ts',
    'findings/*.test.ts',
  ],
  [
    'lambda/framing',
    'framing/{frames,json-bytes,json-reading,nul-bytes,search-cases,unpack-cases}.test.ts',
    'framing/{chunk-memory,content-cases,prefilter}.test.ts',
  ],
  ['lambda/dedup', 'dedup/*.test.ts', 'alerts/publish.test.ts'],
];

/** They compile the code again, with another program or with mutants of their own, or measure time. */
const excluded = ['test/kql/mutants.test.ts', 'test/findings/x509/go.test.ts'];

/** Their mutants break what they keep for the next test, so that the code is loaded again for each. */
export const reloaded: readonly string[] = ['lambda/framing/wasm-module.ts'];

/** Of those that need a server, only the tests of deduplication, which has no others. */
export function testFilesFor(files: readonly string[], root: string): readonly string[] {
  const fast = new Set(filesOf('unit'));
  const patterns = files.flatMap((file) => {
    const [, ...found] = testsOf.find(([folder]) => file.startsWith(`${folder}/`)) ?? [];
    return found;
  });
  const tests = [...new Set(patterns)].flatMap((pattern) =>
    globSync(`test/${pattern}`, { cwd: root }).sort(),
  );
  return [...new Set(tests)].filter(
    (test) => (fast.has(test) || test.startsWith('test/dedup/')) && !excluded.includes(test),
  );
}
