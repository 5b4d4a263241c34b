import { Compiler } from './compiler.ts';
import { type LocatedProblem, locate } from './error.ts';
import { type FieldCache, noFieldCache } from './field-cache.ts';
import { parse } from './parse.ts';
import type { Matches, Requirement } from './predicate.ts';
import type { Schema } from './schema.ts';
import type { Query } from './tree.ts';
import type { Clock } from './types/type.ts';

export type Compiled<D> =
  | {
      readonly ok: true;
      readonly query: Query;
      readonly matches: Matches<D>;
      /** The result, if it is the same for every document. */
      readonly constant: boolean | undefined;
      /** What a document must have for the query to match: the rule selector uses it. */
      readonly requires: readonly Requirement<D>[];
      readonly warnings: readonly LocatedProblem[];
    }
  | {
      readonly ok: false;
      readonly error: LocatedProblem;
      /** One syntax error, or all values that are not of their field's type. */
      readonly errors: readonly LocatedProblem[];
    };

export interface CompileOptions<D> {
  /** The time that `now` means in a date. @default Date.now */
  readonly clock?: Clock;
  /** For queries that are evaluated on the same documents. @default - nothing is cached */
  readonly cache?: FieldCache<D>;
}

/** Text → predicate. Whatever does not depend on the document is evaluated here, once. */
export function compile<D>(
  text: string,
  schema: Schema<D>,
  { clock = Date.now, cache = noFieldCache() }: CompileOptions<D> = {},
): Compiled<D> {
  const parsed = parse(text);
  if (!parsed.ok) return { ...parsed, errors: [parsed.error] };
  const compiler = new Compiler(schema, cache, clock);
  const { matches, constant, requires = [] } = compiler.predicate(parsed.query);
  const errors = compiler.problems.map((problem) => locate(text, problem));
  const [error] = errors;
  if (error) return { ok: false, error, errors };
  const warnings = [
    ...parsed.warnings,
    ...compiler.warnings,
    ...(constant === false ? compiler.contradictions : []),
  ];
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
