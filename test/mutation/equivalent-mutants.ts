import { type Mutant, oneLine } from './mutants.ts';

interface Equivalent {
  readonly file: string;
  readonly from: string;
  /** Each of these replacements survives. */
  readonly to: readonly string[];
  readonly why: string;
}

type Row = [from: string, to: string | readonly string[], why: string];

/** Mutants that no test can kill, or need not, and why. A row covers every place in the file with the same text. */
const rows: Readonly<Record<string, readonly Row[]>> = {
  'lambda/kql/literals.ts': [
    ['1_000', '1001', 'Any divisor that is greater than the length of a literal gives the same order.'],
    [
      'all.length > maxLiterals * maxLiterals',
      'all.length >= maxLiterals * maxLiterals',
      'Bounds the time of the comparison that follows, which rejects so many literals too.',
    ],
  ],
};

export const equivalentMutants: readonly Equivalent[] = Object.entries(rows).flatMap(([file, list]) =>
  list.map(([from, to, why]) => ({ file, from, to: typeof to === 'string' ? [to] : to, why })),
);

export function argumentFor(mutant: Mutant): Equivalent | undefined {
  return equivalentMutants.find(
    ({ file, from, to }) =>
      file === mutant.file && from === oneLine(mutant.from) && to.includes(oneLine(mutant.to)),
  );
}
