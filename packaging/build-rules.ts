import { writeFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { compileScanRules } from '../cli/scan/compile-scan-rules.ts';
import { type PrebuiltRules, prebuiltRulesFile } from '../cli/scan/prebuilt-rules.ts';
import { builtInRules } from '../lambda/rules/built-in.ts';
import { loadRules } from '../lambda/rules/load-rules.ts';

/** Writes the built-in rules with what is derived from them, so that a scan need not read and compile them to begin. */
export function writeBuiltInRules(folder: string): void {
  writeFileSync(`${folder}/${prebuiltRulesFile}`, brotliCompressSync(JSON.stringify(builtInScanRules())));
}

/** @throws if a rule has an error or a warning, which a user of the package could not correct */
function builtInScanRules(): PrebuiltRules {
  const loaded = loadRules([builtInRules]);
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  const definitions = loaded.rules.map(({ definition }) => definition);
  // with the marker for stories: its literal costs the other formats nothing
  const options = { filters: {}, cluster: null, strict: true };
  const compiled = compileScanRules(definitions, options, true, loaded.warnings);
  if (!compiled.ok) throw new Error(compiled.messages.join('\n'));
  const { literals, useRules } = compiled.ruleSet;
  return { literals, followsCertificates: useRules.length > 0, definitions };
}
