import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeployedRules } from './rules.ts';

/** Writes rules.json, which the detector reads at a cold start, beside its code. */
export function writeRules(
  directory: string,
  { literals, definitions }: Pick<DeployedRules, 'literals' | 'definitions'>,
): void {
  writeFileSync(join(directory, 'rules.json'), `${JSON.stringify({ literals, definitions }, null, 1)}\n`);
}
