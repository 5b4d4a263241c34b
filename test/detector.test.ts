import { expect, test } from 'vitest';
import { deployedRules } from '../infra/rules.ts';
import { type Detector, lazyDetector } from '../lambda/detector.ts';
import { detectionRulesOf } from '../lambda/detector-of-rules.ts';
import { csrEvent } from './findings/event.ts';

const record = (changes: object) => ({
  event: { ...csrEvent(), annotations: { 'authorization.k8s.io/decision': 'allow' }, ...changes },
  format: 'json' as const,
  cluster: null,
  place: { origin: { kind: 'file' as const, path: 'audit.log' } },
});

test('a lazy detector compiles its rules at the first candidate, once, and finds the same', async () => {
  const { definitions, literals } = deployedRules();
  let compiled = 0;
  const lazy = lazyDetector(literals, async () => {
    compiled += 1;
    return detectionRulesOf(definitions).detector;
  });
  const eager: Detector = detectionRulesOf(definitions).detector;
  expect(lazy.literals).toEqual(eager.literals);
  expect(compiled).toBe(0);
  for (const changes of [{}, { verb: 'get' }, { user: { username: 'eve' } }]) {
    expect((await lazy.evaluate(record(changes))) ?? []).toEqual(
      (await eager.evaluate(record(changes))) ?? [],
    );
  }
  expect(compiled).toBe(1);
});

test('a lazy detector whose rules do not compile fails, so that the input is retried', async () => {
  const lazy = lazyDetector(null, async () => {
    throw new Error('a rule does not compile');
  });
  await expect(lazy.evaluate(record({}))).rejects.toThrow('a rule does not compile');
});
