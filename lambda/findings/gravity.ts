import { type Finding, type Outcome, type Phase, severities } from './finding.ts';

/** How bad a finding is, in three respects. The order of each is defined here and nowhere else. */
export type Gravity = Pick<Finding, 'severity' | 'outcome' | 'phase'>;

/**
 * What the API server answered, the least serious first. Nothing was stored by a dry run, which the client chose, or by a
 * request that was refused. An unknown outcome may be a success.
 */
export const outcomesByGravity = [
  'dry-run',
  'refused',
  'unknown',
  'succeeded',
] as const satisfies readonly Outcome[];

/** How close the request is to a usable certificate, the farthest first. `decided` may be an approval. */
export const phasesByGravity = [
  'deleted',
  'modified',
  'denied',
  'requested',
  'decided',
  'approved',
  'issued',
] as const satisfies readonly Phase[];

type Ranks = readonly [severity: number, outcome: number, phase: number];

export function ranksOf({ severity, outcome, phase }: Gravity): Ranks {
  return [severities.indexOf(severity), outcomesByGravity.indexOf(outcome), phasesByGravity.indexOf(phase)];
}

/**
 * Whether people who know `known` learn of nothing worse: one of these is at least as bad in all three respects. A critical
 * attempt that was refused does not cover a success of high severity, nor the reverse.
 */
export function isCovered(gravity: Gravity, known: readonly Gravity[]): boolean {
  const ranks = ranksOf(gravity);
  return known.some((other) => ranksOf(other).every((rank, index) => rank >= (ranks[index] ?? 0)));
}

/** `high/succeeded/approved`, as the dedup table holds it. */
export function gravityText({ severity, outcome, phase }: Gravity): string {
  return [severity, outcome, phase].join('/');
}

/** `undefined` if the text is not of this version. */
export function parseGravity(text: string): Gravity | undefined {
  const [severityText, outcomeText, phaseText] = text.split('/');
  const severity = severities.find((name) => name === severityText);
  const outcome = outcomesByGravity.find((name) => name === outcomeText);
  const phase = phasesByGravity.find((name) => name === phaseText);
  return severity && outcome && phase ? { severity, outcome, phase } : undefined;
}
