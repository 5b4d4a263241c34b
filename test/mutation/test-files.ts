import { globSync } from 'node:fs';

/** The tests that may kill a folder's mutants, as patterns below test/. */
const testsOf: Readonly<Record<string, readonly string[]>> = {
  kql: ['kql/{kql,table,names-field,properties,audit-properties}.test.ts', 'rules/rules.test.ts'],
  findings: ['findings/**/*.test.ts', 'kql/table.test.ts'],
  framing: ['framing/*.test.ts', 'scan/*.test.ts'],
  dedup: ['dedup/*.test.ts', 'alerts/publish.test.ts'],
};

export function testFilesFor(targets: readonly string[], root: string): readonly string[] {
  const folders = new Set(targets.map((target) => target.split('/')[1] ?? ''));
  return [...folders].flatMap((folder) =>
    (testsOf[folder] ?? []).flatMap((pattern) => globSync(`test/${pattern}`, { cwd: root }).sort()),
  );
}
