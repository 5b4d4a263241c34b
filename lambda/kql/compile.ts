import { Compiler } from './compiler.ts';
import { type LocatedProblem, locate } from './error.ts';
import { directly, type FieldCache } from './field-cache.ts';
import { parse } from './parse.ts';
import type { Predicate, Requirement } from './predicate.ts';
import type { Schema } from './schema.ts';
import type { Query } from './tree.ts';
import type { Clock } from './types/type.ts';

export type Compiled<D> =
  | {
      readonly ok: true;
      readonly query: Query;
      readonly matches: Predicate<D>;
      /** The answer for every document, where it doesn't depend on the document. */
      readonly constant: boolean | undefined;
      /** What a document must hold for the query to match, for choosing among many queries. */
      readonly requires: readonly Requirement<D>[];
      readonly warnings: readonly LocatedProblem[];
    }
  | {
      readonly ok: false;
      readonly error: LocatedProblem;
      /** All of them, the first one too: a syntax error comes alone, unreadable literals come together. */
      readonly errors: readonly LocatedProblem[];
    };

export interface CompileOptions<D> {
  /** What `now` is in a date. @default Date.now */
  readonly clock?: Clock;
  /** For queries that are asked about the same documents. @default - every query reads for itself */
  readonly sharing?: FieldCache<D>;
}

/** Text → predicate. What can be decided once is decided here, not at each document. */
export function compile<D>(
  text: string,
  schema: Schema<D>,
  { clock = Date.now, sharing = directly() }: CompileOptions<D> = {},
): Compiled<D> {
  const parsed = parse(text);
  if (!parsed.ok) return { ...parsed, errors: [parsed.error] };
  const compiler = new Compiler(schema, sharing, clock);
  const { matches, constant, requires = [] } = compiler.step(parsed.query);
  const errors = compiler.problems.map((problem) => locate(text, problem));
  const [error] = errors;
  if (error) return { ok: false, error, errors };
  const warnings = [...compiler.warnings, ...(constant === false ? compiler.contradictions : [])];
  const distinct = new Map(warnings.map((warning) => [`${warning.offset} ${warning.message}`, warning]));
  return {
    ok: true,
    query: parsed.query,
    matches,
    constant,
    requires,
    warnings: [...distinct.values()].map((warning) => locate(text, warning)),
  };
}
