import { describe, expect, test } from 'vitest';
import { outcomes, phases, severities } from '../../lambda/findings/finding.ts';
import {
  type Gravity,
  gravityText,
  isCovered,
  outcomesByGravity,
  parseGravity,
  phasesByGravity,
} from '../../lambda/findings/gravity.ts';

const base: Gravity = { severity: 'high', outcome: 'unknown', phase: 'requested' };
const all = severities.flatMap((severity) =>
  outcomes.flatMap((outcome) => phases.map((phase): Gravity => ({ severity, outcome, phase }))),
);

test('every outcome and every phase has its place in the order', () => {
  expect([...outcomesByGravity].sort()).toEqual([...outcomes].sort());
  expect([...phasesByGravity].sort()).toEqual([...phases].sort());
});

describe('an earlier alert', () => {
  test.each<[string, Partial<Gravity>]>([
    ['a higher severity', { severity: 'critical' }],
    ['a success', { outcome: 'succeeded' }],
    ['an approval', { phase: 'approved' }],
    ['an issued certificate', { phase: 'issued' }],
    ['a success of lower severity', { severity: 'low', outcome: 'succeeded' }],
    ['an approval that was refused', { outcome: 'refused', phase: 'approved' }],
  ])('does not cover %s', (_, changes) => {
    expect(isCovered({ ...base, ...changes }, [base])).toBe(false);
  });

  test.each<[string, Partial<Gravity>]>([
    ['the same again', {}],
    ['a lower severity', { severity: 'low' }],
    ['a refusal', { outcome: 'refused' }],
    ['a dry run', { outcome: 'dry-run' }],
    ['a denial', { phase: 'denied' }],
    ['a deletion', { phase: 'deleted' }],
  ])('covers %s', (_, changes) => {
    expect(isCovered({ ...base, ...changes }, [base])).toBe(true);
  });

  test('does not cover a combination of the properties of two alerts', () => {
    const known: Gravity[] = [
      { severity: 'critical', outcome: 'refused', phase: 'requested' },
      { severity: 'high', outcome: 'succeeded', phase: 'requested' },
    ];
    expect(isCovered({ severity: 'critical', outcome: 'succeeded', phase: 'requested' }, known)).toBe(false);
  });

  test('that does not exist covers nothing', () => {
    expect(all.some((gravity) => isCovered(gravity, []))).toBe(false);
  });
});

test('a gravity can be read from its text', () => {
  expect(all.map((gravity) => parseGravity(gravityText(gravity)))).toEqual(all);
  for (const text of ['', 'high', 'high/succeeded', 'high/succeeded/stolen', 'toString/unknown/issued']) {
    expect(parseGravity(text)).toBeUndefined();
  }
});
