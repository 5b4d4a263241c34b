import type { Problem } from './error.ts';
import { directly, type FieldCache } from './field-cache.ts';
import { exists, FieldPredicates, type Question } from './field-predicates.ts';
import { both, decided, either, negated, type Step } from './predicate.ts';
import type { Field, Schema } from './schema.ts';
import type { Literal, Name, Query, RangeOperator } from './tree.ts';
import { anyOf } from './types/keyword.ts';
import { type Clock, type Value, written } from './types/type.ts';
import { types } from './types/types.ts';

/** Asking each object of a nested field. */
const nestedCost = 30;

/** Makes a step of a tree; problems and warnings gather on the way. */
export class Compiler<D> {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  /** Conditions on constants that don't hold: why nothing can match, if nothing can. */
  readonly contradictions: Problem[] = [];
  private readonly schema: Schema<D>;
  private readonly sharing: FieldCache<D>;
  private readonly clock: Clock;
  private readonly fields: FieldPredicates<D>;

  constructor(schema: Schema<D>, sharing: FieldCache<D>, clock: Clock) {
    this.schema = schema;
    this.sharing = sharing;
    this.clock = clock;
    this.fields = new FieldPredicates(schema, sharing);
  }

  step(query: Query): Step<D> {
    switch (query.kind) {
      case 'everything':
        return decided(true);
      case 'and':
        return both(query.children.map((child) => this.step(child)));
      case 'or':
        return this.or(query.children);
      case 'not':
        return negated(this.step(query.child));
      case 'is':
        return this.is(query.field ?? anyField(query.value), query.value);
      case 'range':
        return this.range(query.field, query.operator, query.value);
      case 'nested':
        return this.nested(query.field, query.child);
    }
  }

  /** Values of one keyword field are looked up together. */
  private or(children: readonly Query[]): Step<D> {
    const lists = new Map<string, { field: Field<D>; values: Value[] }>();
    const others: Query[] = [];
    for (const child of children) {
      const field = child.kind === 'is' && child.field?.kind === 'text' ? this.named(child.field) : undefined;
      if (child.kind !== 'is' || field?.type !== 'keyword') others.push(child);
      else if (child.value.kind === 'null' || isStar(child.value)) others.push(child);
      else {
        const list = lists.get(field.name) ?? { field, values: [] };
        list.values.push(child.value);
        lists.set(field.name, list);
      }
    }
    const looked = [...lists.values()].map(({ field, values }) => {
      const step = this.fields.values(field, anyOf(values));
      if (step.constant === false && values[0]) this.contradict(field, values[0]);
      return holding(step, field, values);
    });
    return either([...looked, ...others.map((child) => this.step(child))]);
  }

  private is(name: Name, value: Literal): Step<D> {
    if (value.kind === 'null') {
      const message = 'null matches nothing: an absent field is `not field:*`';
      this.warnings.push({ message, offset: value.offset });
      return decided(false);
    }
    if (isStar(value)) {
      if (isStar(name)) return decided(true);
      return name.kind === 'text'
        ? this.fields.presence(this.named(name))
        : this.fields.fitting(name.parts, exists);
    }
    const equal: Question = (type) => types[type].equal(value, this.clock);
    if (name.kind === 'wildcard') return this.fields.fitting(name.parts, equal);
    const field = this.named(name);
    return holding(this.ask(field, value, equal), field, [value]);
  }

  private range(name: Name, operator: RangeOperator, value: Literal): Step<D> {
    const ordered: Question = (type) => types[type].ordered(operator, written(value), this.clock);
    return name.kind === 'text'
      ? this.ask(this.named(name), value, ordered)
      : this.fields.fitting(name.parts, ordered);
  }

  private ask(field: Field<D>, value: Literal, question: Question): Step<D> {
    const result = question(field.type);
    if (!result.ok) {
      this.problems.push({ message: `${field.name}: ${result.message}`, offset: value.offset });
      return decided(false);
    }
    const step = this.fields.values(field, result.test);
    if (step.constant === false) this.contradict(field, value);
    return step;
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

  private contradict({ name, constant }: Field<D>, value: Literal): void {
    const message = `nothing can match: ${name} is always ${JSON.stringify(constant)} here`;
    this.contradictions.push({ message, offset: value.offset });
  }

  /** One object must satisfy all of the condition inside the braces. */
  private nested(name: Name, child: Query): Step<D> {
    if (name.kind === 'wildcard' || this.schema.field(name.text).type !== 'nested') {
      const message = 'the field before "{" is not nested: nothing matches';
      this.warnings.push({ message, offset: name.offset });
      return decided(false);
    }
    const field = this.named(name);
    const inner = new Compiler<unknown>(this.schema.inside(field), directly(), this.clock);
    const { matches, constant } = inner.step(child);
    this.problems.push(...inner.problems);
    this.warnings.push(...inner.warnings);
    if (constant === false) return decided(false);
    const read = this.sharing.read(field);
    return { cost: nestedCost, matches: (document) => read(document).some((item) => matches(item)) };
  }
}

/** A fieldless term matches when any field's value does, each as its own type. */
function anyField({ offset }: Literal): Name {
  return { kind: 'wildcard', parts: ['', ''], offset };
}

/** A step that holds a keyword field to texts says so. */
function holding<D>(step: Step<D>, field: Field<D>, values: readonly Value[]): Step<D> {
  if (field.type !== 'keyword' || step.constant !== undefined) return step;
  if (values.some(({ kind }) => kind === 'wildcard')) return step;
  return { ...step, requires: [{ field, texts: values.map(written) }] };
}

function isStar(literal: Literal): boolean {
  return (
    literal.kind === 'wildcard' && literal.parts.length === 2 && literal.parts.every((part) => part === '')
  );
}
