import { conflicts, contradictions } from './conflicts.ts';
import type { Problem } from './error.ts';
import { type FieldCache, noFieldCache } from './field-cache.ts';
import { exists, FieldPredicates, type TypedTest } from './field-predicates.ts';
import { always, and, not, or, type Predicate } from './predicate.ts';
import type { Field, Schema } from './schema.ts';
import { similarName } from './similar-name.ts';
import type { Literal, Name, Query, RangeOperator } from './tree.ts';
import { anyOf } from './types/keyword.ts';
import { type Clock, textOf, type Value } from './types/type.ts';
import { types } from './types/types.ts';

/** A nested condition is evaluated on each object of the field. */
const nestedCost = 30;

/** Compiles a tree to a predicate and collects the problems and warnings on the way. */
export class Compiler<D> {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  /** Conditions that a constant field never meets: if the query can match nothing, they are the reason. */
  readonly contradictions: Problem[] = [];
  private readonly schema: Schema<D>;
  private readonly cache: FieldCache<D>;
  private readonly clock: Clock;
  private readonly fields: FieldPredicates<D>;

  constructor(schema: Schema<D>, cache: FieldCache<D>, clock: Clock) {
    this.schema = schema;
    this.cache = cache;
    this.clock = clock;
    this.fields = new FieldPredicates(schema, cache);
  }

  predicate(query: Query): Predicate<D> {
    switch (query.kind) {
      case 'everything':
        return always(true);
      case 'and':
        return this.and(query.children);
      case 'or':
        return this.or(query.children);
      case 'not':
        return not(this.predicate(query.child));
      case 'is':
        return this.is(query.field ?? anyField(query.value), query.value);
      case 'range':
        return this.range(query.field, query.operator, query.value);
      case 'nested':
        return this.nested(query.field, query.child);
    }
  }

  private and(children: readonly Query[]): Predicate<D> {
    const joined = and(children.map((child) => this.predicate(child)));
    this.warnings.push(...conflicts(joined.requires ?? []), ...contradictions(children));
    return joined;
  }

  /** The values of one keyword field become one set lookup. */
  private or(children: readonly Query[]): Predicate<D> {
    const lists = new Map<string, { field: Field<D>; values: Value[] }>();
    const others: Query[] = [];
    for (const child of children) {
      const field = child.kind === 'is' && child.field?.kind === 'text' ? this.named(child.field) : undefined;
      if (child.kind !== 'is' || field?.type !== 'keyword') others.push(child);
      else if (child.value.kind === 'null' || isStar(child.value)) others.push(child);
      else {
        const list = lists.get(field.name) ?? { field, values: [] };
        this.checkPossible(field, child.value);
        list.values.push(child.value);
        lists.set(field.name, list);
      }
    }
    const lookups = [...lists.values()].map(({ field, values }) => {
      const predicate = this.fields.values(field, anyOf(values));
      if (predicate.constant === false && values[0]) this.contradict(field, values[0]);
      return requiring(predicate, field, values);
    });
    return or([...lookups, ...others.map((child) => this.predicate(child))]);
  }

  private is(name: Name, value: Literal): Predicate<D> {
    if (value.kind === 'null') {
      const message = 'null matches nothing: write `not field:*` for an absent field';
      this.warnings.push({ message, offset: value.offset });
      return always(false);
    }
    if (isStar(value)) {
      if (isStar(name)) return always(true);
      return name.kind === 'text'
        ? this.fields.presence(this.named(name))
        : this.fields.matching(name.parts, exists);
    }
    const equal: TypedTest = (type) => types[type].equal(value, this.clock);
    if (name.kind === 'wildcard') return this.fields.matching(name.parts, equal);
    const field = this.named(name);
    this.checkPossible(field, value);
    return requiring(this.test(field, value, equal), field, [value]);
  }

  private range(name: Name, operator: RangeOperator, value: Literal): Predicate<D> {
    const ordered: TypedTest = (type) => types[type].ordered(operator, textOf(value), this.clock);
    return name.kind === 'text'
      ? this.test(this.named(name), value, ordered)
      : this.fields.matching(name.parts, ordered);
  }

  private test(field: Field<D>, value: Literal, typedTest: TypedTest): Predicate<D> {
    const result = typedTest(field.type);
    if (!result.ok) {
      this.problems.push({ message: `${field.name}: ${result.message}`, offset: value.offset });
      return always(false);
    }
    const predicate = this.fields.values(field, result.test);
    if (predicate.constant === false) this.contradict(field, value);
    return predicate;
  }

  private named(name: Extract<Name, { kind: 'text' }>): Field<D> {
    const field = this.schema.field(name.text);
    if (!field.known) {
      const similar = similarName(
        name.text,
        this.schema.known.map((known) => known.name),
      );
      const hint = similar === undefined ? '' : `; did you mean ${similar}?`;
      this.warnings.push({
        message: `the field ${name.text} is not in the field table${hint}`,
        offset: name.offset,
      });
    }
    return field;
  }

  /** Warns about a value that a computed field never has, such as a misspelled phase. */
  private checkPossible({ name, type, possible }: Field<D>, value: Value): void {
    if (possible === undefined) return;
    const result = types[type].equal(value, this.clock);
    if (!result.ok || possible.some(result.test)) return;
    const message = `${name} is never ${JSON.stringify(textOf(value))}: its values are ${possible.join(', ')}`;
    this.warnings.push({ message, offset: value.offset });
  }

  private contradict({ name, constant }: Field<D>, value: Literal): void {
    const message = `nothing can match: ${name} is always ${JSON.stringify(constant)} here`;
    this.contradictions.push({ message, offset: value.offset });
  }

  /** One object must meet the whole condition inside the braces. */
  private nested(name: Name, child: Query): Predicate<D> {
    if (name.kind === 'wildcard' || this.schema.field(name.text).type !== 'nested') {
      const message = 'the field before "{" is not nested: nothing matches';
      this.warnings.push({ message, offset: name.offset });
      return always(false);
    }
    const field = this.named(name);
    const inner = new Compiler<unknown>(this.schema.inside(field), noFieldCache(), this.clock);
    const { matches, constant } = inner.predicate(child);
    this.problems.push(...inner.problems);
    this.warnings.push(...inner.warnings);
    if (constant === false) return always(false);
    const read = this.cache.reader(field);
    return { cost: nestedCost, matches: (document) => read(document).some((item) => matches(item)) };
  }
}

/** A fieldless term matches if the value of any field does, as that field's type. */
function anyField({ offset }: Literal): Name {
  return { kind: 'wildcard', parts: ['', ''], offset };
}

/** Adds what the predicate requires of a keyword field. */
function requiring<D>(predicate: Predicate<D>, field: Field<D>, values: readonly Value[]): Predicate<D> {
  if (field.type !== 'keyword' || predicate.constant !== undefined) return predicate;
  if (values.some(({ kind }) => kind === 'wildcard')) return predicate;
  return { ...predicate, requires: [{ field, values: values.map(textOf), offset: values[0]?.offset ?? 0 }] };
}

function isStar(literal: Literal): boolean {
  return (
    literal.kind === 'wildcard' && literal.parts.length === 2 && literal.parts.every((part) => part === '')
  );
}
