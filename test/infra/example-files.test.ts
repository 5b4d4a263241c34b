import { globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { testRules } from '../../cli/rules/test-rules.ts';
import { readConfig } from '../../infra/config.ts';
import { deployedRules } from '../../infra/rules.ts';
import { builtInRules } from '../../lambda/rules/built-in.ts';
import { loadRules } from '../../lambda/rules/load-rules.ts';

const ruleFiles = globSync('examples/{rules,exceptions}/*.toml').sort();

describe('examples/', () => {
  test('contains a rule and an exception', () => {
    expect(ruleFiles.map((path) => path.split('/')[1])).toEqual(['exceptions', 'rules']);
  });

  test.each(ruleFiles)('%s loads without a warning and its examples pass', async (path) => {
    expect(loadRules([builtInRules, path])).toMatchObject({ ok: true, warnings: [] });
    const output: string[] = [];
    expect(await testRules([path], (text) => output.push(text)), output.join('')).toBe(0);
  });

  test('csrwatch.config.ts is a deployment whose rules and exceptions load', async () => {
    const deployment = await readConfig({ config: `${process.cwd()}/examples/csrwatch.config.ts` });
    if (deployment.kind !== 'detector') throw new Error('it is the configuration of a detector');
    const { definitions } = deployedRules(deployment.config);
    expect(definitions.map(({ info }) => info.id)).toContain('cluster-admin-granted');
    const exceptions = definitions.flatMap((definition) => definition.exceptions.map(({ name }) => name));
    expect(exceptions).toContain('release-pipeline');
  });
});
