import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { equivalentMutants } from './equivalent-mutants.ts';
import { instrument, oneLine } from './mutants.ts';

test.each(equivalentMutants)('$file still has $from -> $to', ({ file, from, to }) => {
  const { mutants } = instrument(file, readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'), 1);
  const found = mutants.filter((mutant) => oneLine(mutant.from) === from).map((mutant) => oneLine(mutant.to));
  expect(found).toEqual(expect.arrayContaining([...to]));
});
