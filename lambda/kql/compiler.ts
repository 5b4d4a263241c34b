import type { Problem } from './error.ts';
import type { Field, FieldType, Schema } from './schema.ts';
import { directly, type Sharing } from './sharing.ts';
import { both, decided, either, negated, type Step } from './step.ts';
import type { Literal, Name, Query } from './tree.ts';
import { anyOf } from './types/keyword.ts';
import { type Clock, type Test, type TestResult, type Value, written } from './types/type.ts';
import { types } from './types/types.ts';
import { matchesWildcard } from './wildcard.ts';

/** What is asked of a field: whether it is there, or a test of its type. */
type Question =
  | { readonly operator: 'exists' }
  | { readonly operator: 'equal' | 'ordered'; readonly test: (type: FieldType) => TestResult };

const exists: Question = { operator: 'exists' };
/** What a test of each type costs, where comparing a keyword is 1: dates and addresses are parsed, texts split. */
const testCosts: Readonly<Record<FieldType, number>> = {
  keyword: 1,
  integer: 1,
  boolean: 1,
  date: 6,
  ip: 4,
  text: 10,
  nested: 30,
  object: 1,
};
/** Looking through everything that a document holds. */
const presentCost = 100;

/** Makes a step of a tree; problems and warnings gather on the way. */
export class Compiler<D> {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  /** Conditions on constants that don't hold: why nothing can match, if nothing can. */
  readonly contradictions: Problem[] = [];
  private readonly schema: Schema<D>;
  private readonly sharing: Sharing<D>;
  private readonly clock: Clock;

  constructor(schema: Schema<D>, sharing: Sharing<D>, clock: Clock) {
    this.schema = schema;
    this.sharing = sharing;
    this.clock = clock;
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
      case 'range': {
        const { field: name, operator, value } = query;
        const text = written(value);
        return this.ask(name, value, {
          operator: 'ordered',
          test: (type) => types[type].ordered(operator, text, this.clock),
        });
      }
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
      const step = this.onValues(field, anyOf(values));
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
    if (!isStar(value)) {
      return this.ask(name, value, {
        operator: 'equal',
        test: (type) => types[type].equal(value, this.clock),
      });
    }
    return isStar(name) ? decided(true) : this.ask(name, value, exists);
  }

  /** One field, or with a wildcard in its name every one that is known or present, ORed. */
  private ask(name: Name, value: Literal, question: Question): Step<D> {
    if (name.kind === 'text') return this.askField(this.named(name), value, question);
    const fits = (field: Field<D>) => matchesWildcard(name.parts, field.name);
    const known = this.schema.known.filter(fits).map((field) => this.tolerant(field, question));
    const present: Step<D> = {
      cost: presentCost,
      matches: (document) => {
        for (const field of this.schema.present(document)) {
          if (fits(field) && this.tolerant(field, question).matches(document)) return true;
        }
        return false;
      },
    };
    return either([...known, present]);
  }

  private askField(field: Field<D>, value: Literal, question: Question): Step<D> {
    if (question.operator === 'exists') return this.present(field);
    const result = question.test(field.type);
    if (!result.ok) {
      this.problems.push({ message: `${field.name}: ${result.message}`, offset: value.offset });
      return decided(false);
    }
    const step = this.onValues(field, result.test);
    if (step.constant === false) this.contradict(field, value);
    return value.kind === 'null' || question.operator === 'ordered' ? step : holding(step, field, [value]);
  }

  /** Under a field wildcard a value that is unreadable as this field's type just doesn't match it. */
  private tolerant(field: Field<D>, question: Question): Step<D> {
    if (question.operator === 'exists') return this.onValues(field, types[field.type].present);
    const result = question.test(field.type);
    return result.ok ? this.onValues(field, result.test) : decided(false);
  }

  private onValues(field: Field<D>, test: Test): Step<D> {
    if (field.constant !== undefined) return decided(test(field.constant));
    const read = this.sharing.read(field);
    return {
      cost: testCosts[field.type] + (field.readCost ?? 0),
      matches: (document) => {
        for (const value of read(document)) if (test(value)) return true;
        return false;
      },
    };
  }

  /** A value of its own, or, for an object, a field below it that has one. */
  private present(field: Field<D>): Step<D> {
    const own = this.onValues(field, types[field.type].present);
    if (field.leaf) return own;
    const below = `${field.name}.`;
    const known = this.schema.known.filter(({ name }) => name.startsWith(below));
    const read = this.sharing.read(field);
    const deeper: Step<D> = {
      cost: presentCost,
      matches: (document) => {
        if (!read(document).some((value) => typeof value === 'object')) return false;
        for (const found of this.schema.present(document)) {
          if (found.name.startsWith(below) && this.tolerant(found, exists).matches(document)) return true;
        }
        return false;
      },
    };
    return either([own, ...known.map((found) => this.tolerant(found, exists)), deeper]);
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
    return { cost: testCosts.nested, matches: (document) => read(document).some((item) => matches(item)) };
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
