/** What one run of the tests is for. */
export type Run =
  | {
      readonly kind: 'all';
      readonly mutants: readonly number[];
      readonly slowMs: number;
      readonly slowToReloadMs: number;
    }
  /** One mutant that is active while the modules are loaded. */
  | {
      readonly kind: 'reload';
      readonly mutant: number;
      readonly slow: readonly string[];
      readonly asks: number;
      readonly ms: number;
    };

export type Task = Run & { readonly size: number; readonly verdicts: string };

/** A line of what the runner reports. */
export type Verdict =
  | { readonly kind: 'loaded'; readonly mutants: readonly number[] }
  | { readonly kind: 'reached'; readonly mutants: readonly number[] }
  | { readonly kind: 'killed'; readonly mutant: number; readonly test: string }
  | { readonly kind: 'residue'; readonly mutant: number; readonly test: string }
  | { readonly kind: 'slow'; readonly test: string };
