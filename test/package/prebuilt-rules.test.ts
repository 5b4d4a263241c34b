import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { prebuiltRules } from '../../cli/scan/prebuilt-rules.ts';
import { parseCall } from '../../cli/scan/scan-call.ts';
import { chooseRules } from '../../cli/scan/scan-rules.ts';
import { builtInRules } from '../../lambda/rules/built-in.ts';
import { loadRules } from '../../lambda/rules/load-rules.ts';
import { writeBuiltInRules } from '../../packaging/build-rules.ts';

test('the rules of the package are those of the rule files, and search for the same literals', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'csrwatch-prebuilt-'));
  writeBuiltInRules(folder);
  const prebuilt = prebuiltRules(pathToFileURL(`${folder}/`));
  rmSync(folder, { recursive: true });
  const loaded = loadRules([builtInRules]);
  expect(loaded.ok && loaded.rules.map(({ definition }) => definition)).toEqual(prebuilt?.definitions);
  const call = parseCall(['audit.log']);
  if (call.kind !== 'scan') throw new Error('not a scan');
  for (const stories of [true, false]) {
    const chosen = await chooseRules(call.options, stories);
    expect(chosen).toMatchObject({ ok: true, messages: [] });
    if (chosen.ok) {
      const { literals, followsCertificates } = chosen;
      expect({ literals, followsCertificates }).toEqual({
        literals: prebuilt?.literals,
        followsCertificates: prebuilt?.followsCertificates,
      });
    }
  }
});
