import type { Finding } from '../../findings/finding.ts';
import { isCovered } from '../../findings/gravity.ts';
import { compareSeriousness } from '../burst.ts';

/**
 * A finding that occurs twice in the input is sent once: the most serious one. If another with the same id is worse in
 * another respect, it follows in a round of its own.
 */
export function roundsOf(findings: readonly Finding[]): Finding[][] {
  const rounds: Finding[][] = [];
  const byId = new Map<string, Finding[]>();
  for (const finding of findings) {
    const same = byId.get(finding.id);
    if (same) same.push(finding);
    else byId.set(finding.id, [finding]);
  }
  for (const same of byId.values()) {
    const kept: Finding[] = [];
    for (const finding of same.sort((a, b) => compareSeriousness(b, a))) {
      if (isCovered(finding, kept)) continue;
      const round = rounds[kept.length] ?? [];
      rounds[kept.length] = round;
      round.push(finding);
      kept.push(finding);
    }
  }
  return rounds;
}
