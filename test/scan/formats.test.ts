import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { builtInRules } from '../../lambda/rules/built-in.ts';
import { compileRules } from '../../lambda/rules/compile-rules.ts';
import { loadRules } from '../../lambda/rules/load-rules.ts';
import { namedCluster } from '../../lambda/scan/cluster-name.ts';
import { scan } from '../../lambda/scan/scan-input.ts';

const folder = new URL('../fixtures/sources/', import.meta.url);
const fixtures = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== 'make.ts')
  .map(({ parentPath, name }) => `${parentPath.split('/sources/')[1]}/${name}`)
  .sort();

const loaded = loadRules([builtInRules]);
const rules = loaded.ok ? loaded.rules.map(({ definition }) => definition) : [];
const base = rules.filter(({ info }) => info.id === 'kubernetes-csr-created-or-approved');
const compiled = compileRules(base, auditSchema(csrwatchFields));

/** Ids of the events that the base rule matches, and of the events in the legacy format. */
async function found(name: string) {
  if (!compiled.ok) throw new Error('the rule compiles');
  const matched: unknown[] = [];
  const legacy: unknown[] = [];
  const report = await scan(
    {
      origin: { kind: 'file', path: name },
      cluster: namedCluster(null),
      async *open() {
        yield readFileSync(new URL(name, folder));
      },
    },
    {
      literals: compiled.ruleSet.literals,
      onRecord: (record) => {
        const { auditID } = record.event;
        if (record.format === 'legacy') legacy.push(auditID);
        else if (compiled.ruleSet.match(record).length > 0) matched.push(auditID);
      },
    },
  );
  return { report, matched, legacy };
}

const wanted = (await found('kube-apiserver/audit.log')).matched;

describe('the same events in every format give the same findings', () => {
  test('the recording has three such events, and every producer has a fixture', () => {
    expect(wanted).toHaveLength(3);
    expect(new Set(fixtures.map((name) => name.split('/')[0])).size).toBeGreaterThanOrEqual(14);
  });

  test.each(fixtures.filter((name) => !/legacy|kube-apiserver\.log/.test(name)))('%s', async (name) => {
    const { matched, report } = await found(name);
    expect(matched).toEqual(wanted);
    expect(report).toMatchObject({ rejected: 0, rejections: [] });
    expect(report.fault).toBeUndefined();
  });

  test.each(['kube-apiserver/audit-legacy.log', 'kube-apiserver/kube-apiserver.log'])('%s', async (name) => {
    const { legacy, matched, report } = await found(name);
    // a line of the legacy format has no decision, so the base rule can't match it
    expect(matched).toEqual([]);
    expect(legacy).toEqual(expect.arrayContaining(wanted));
    expect(report.rejected).toBe(0);
  });
});

test('the documentation lists the producers that have a fixture', () => {
  const page = readFileSync(new URL('../../docs/inputs.md', import.meta.url), 'utf8');
  for (const producer of new Set(fixtures.map((name) => name.split('/')[0]))) {
    expect(page).toContain(`\`${producer}/\``);
  }
});
