import { type LocatedProblem, locate, type Problem } from './error.ts';
import { parse } from './parse.ts';
import type { Field, Schema } from './schema.ts';
import type { Literal, Name, Query } from './tree.ts';
import { equality, presence, range, type Test, type TestResult } from './values.ts';
import { matchesWildcard } from './wildcard.ts';

export type Predicate<D> = (document: D) => boolean;

export type Compiled<D> =
  | {
      readonly ok: true;
      readonly query: Query;
      readonly matches: Predicate<D>;
      readonly warnings: readonly LocatedProblem[];
    }
  | { readonly ok: false; readonly error: LocatedProblem };

/** Text → predicate. What can be decided once is decided here, not at each document. */
export function compile<D>(text: string, schema: Schema<D>): Compiled<D> {
  const parsed = parse(text);
  if (!parsed.ok) return parsed;
  const compiler = new Compiler(schema);
  const matches = compiler.query(parsed.query);
  const [problem] = compiler.problems;
  if (problem) return { ok: false, error: locate(text, problem) };
  const warnings = compiler.warnings.map((warning) => locate(text, warning));
  return { ok: true, query: parsed.query, matches, warnings };
}

/** A predicate and what it costs to ask, so that the cheap ones go first. */
type Step<D> = { readonly matches: Predicate<D>; readonly cost: number; readonly constant?: boolean };

class Compiler<D> {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  private readonly schema: Schema<D>;

  constructor(schema: Schema<D>) {
    this.schema = schema;
  }

  query(query: Query): Predicate<D> {
    return this.step(query).matches;
  }

  private step(query: Query): Step<D> {
    switch (query.kind) {
      case 'everything':
        return decided(true);
      case 'and':
        return both(query.children.map((child) => this.step(child)));
      case 'or':
        return either(query.children.map((child) => this.step(child)));
      case 'not': {
        const { matches, cost, constant } = this.step(query.child);
        return constant === undefined
          ? { cost, matches: (document) => !matches(document) }
          : decided(!constant);
      }
      case 'is':
        return query.field === null ? this.anywhere(query.value) : this.is(query.field, query.value);
      case 'range': {
        const { operator, value } = query;
        return this.onFields(query.field, value, (field) => range(field.type, operator, written(value)));
      }
      case 'nested':
        return this.nested(query.field, query.child);
    }
  }

  private is(name: Name, value: Literal): Step<D> {
    if (value.kind === 'null') {
      this.warnings.push({
        message: 'null matches nothing: an absent field is `not field:*`',
        offset: value.offset,
      });
      return decided(false);
    }
    if (isStar(name) && isStar(value)) return decided(true);
    return this.onFields(name, value, (field) =>
      isStar(value) ? { ok: true, test: presence(field.type) } : equality(field.type, value),
    );
  }

  /** One field, or with a wildcard in its name every one that is known or present, ORed. */
  private onFields(name: Name, value: Literal, test: (field: Field<D>) => TestResult): Step<D> {
    if (name.kind === 'text') return this.onField(this.named(name), value, test);
    const fits = (field: Field<D>) => matchesWildcard(name.parts, field.name);
    const known = this.schema.known.filter(fits).map((field) => tolerant(field, test));
    const present: Step<D> = {
      cost: 50,
      matches: (document) => {
        for (const field of this.schema.present(document)) {
          if (fits(field) && tolerant(field, test).matches(document)) return true;
        }
        return false;
      },
    };
    return either([...known, present]);
  }

  private onField(field: Field<D>, value: Literal, test: (field: Field<D>) => TestResult): Step<D> {
    const result = test(field);
    if (result.ok) return fieldStep(field, result.test);
    this.problems.push({ message: `${field.name}: ${result.message}`, offset: value.offset });
    return decided(false);
  }

  private named(name: Extract<Name, { kind: 'text' }>): Field<D> {
    const field = this.schema.field(name.text);
    if (!field.known) {
      this.warnings.push({
        message: `the field ${name.text} is not in the field table`,
        offset: name.offset,
      });
    }
    return field;
  }

  /** A fieldless term matches when any field's value does, each as its own type. */
  private anywhere(value: Literal): Step<D> {
    const star: Name = { kind: 'wildcard', parts: ['', ''], offset: value.offset };
    return this.is(star, value);
  }

  /** One object must satisfy all of the condition inside the braces. */
  private nested(name: Name, child: Query): Step<D> {
    if (name.kind === 'wildcard' || this.schema.field(name.text).type !== 'nested') {
      this.warnings.push({
        message: 'the field before "{" is not nested: nothing matches',
        offset: name.offset,
      });
      return decided(false);
    }
    const field = this.named(name);
    const inner = new Compiler<unknown>(objectSchema(this.schema, field.name));
    const matches = inner.query(child);
    this.problems.push(...inner.problems);
    this.warnings.push(...inner.warnings);
    return { cost: 20, matches: (document) => field.read(document).some((item) => matches(item)) };
  }
}

function isStar(literal: Literal): boolean {
  return (
    literal.kind === 'wildcard' && literal.parts.length === 2 && literal.parts.every((part) => part === '')
  );
}

function written(value: Literal): string {
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'wildcard':
      return value.parts.join('*');
    case 'boolean':
      return String(value.value);
    case 'null':
      return 'null';
  }
}

function decided<D>(constant: boolean): Step<D> {
  return { constant, cost: 0, matches: () => constant };
}

function fieldStep<D>(field: Field<D>, test: Test): Step<D> {
  if (field.constant !== undefined) return decided(test(field.constant));
  return {
    cost: field.type === 'text' ? 10 : 1,
    matches: (document) => {
      for (const value of field.read(document)) if (test(value)) return true;
      return false;
    },
  };
}

/** Under a field wildcard a value that is unreadable as this field's type just doesn't match it. */
function tolerant<D>(field: Field<D>, test: (field: Field<D>) => TestResult): Step<D> {
  const result = test(field);
  return result.ok ? fieldStep(field, result.test) : decided(false);
}

function both<D>(steps: readonly Step<D>[]): Step<D> {
  if (steps.some((step) => step.constant === false)) return decided(false);
  return joined(steps, true, (predicates) => (document) => predicates.every((matches) => matches(document)));
}

function either<D>(steps: readonly Step<D>[]): Step<D> {
  if (steps.some((step) => step.constant === true)) return decided(true);
  return joined(steps, false, (predicates) => (document) => predicates.some((matches) => matches(document)));
}

function joined<D>(
  steps: readonly Step<D>[],
  neutral: boolean,
  join: (predicates: readonly Predicate<D>[]) => Predicate<D>,
): Step<D> {
  const asked = steps.filter((step) => step.constant === undefined).sort((a, b) => a.cost - b.cost);
  const [only] = asked;
  if (only === undefined) return decided(neutral);
  if (asked.length === 1) return only;
  const cost = asked.reduce((sum, step) => sum + step.cost, 0);
  return { cost, matches: join(asked.map((step) => step.matches)) };
}

/** The fields of one object below a nested field, by names relative to it. */
function objectSchema<D>(outer: Schema<D>, prefix: string): Schema<unknown> {
  const field = (name: string): Field<unknown> => {
    const { type, known } = outer.field(`${prefix}.${name}`);
    return { name, type, known, read: (object) => valuesAt(object, name.split('.')) };
  };
  return { field, known: [], present: (object) => Object.keys(Object(object)).map(field) };
}

function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  const [key, ...rest] = path;
  if (key === undefined) return value === null || value === '' || value === undefined ? [] : [value];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
  return valuesAt((value as Record<string, unknown>)[key], rest);
}
