import { type LocatedProblem, locate, type Problem } from './error.ts';
import { Lexer, SyntaxProblem } from './lexer.ts';
import type { Literal, Name, Query, RangeOperator } from './tree.ts';

/** A query that exceeds one of these is an error that names the limit. */
export const limits = { characters: 131_072, depth: 200, nodes: 20_000 } as const;

export type ParseResult =
  | { readonly ok: true; readonly query: Query; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly error: LocatedProblem };

/** Parses KQL. An empty query matches everything. */
export function parse(text: string): ParseResult {
  if (text.length > limits.characters) {
    const message = `the query has ${text.length} characters, the limit is ${limits.characters}`;
    return { ok: false, error: locate(text, { message, offset: limits.characters }) };
  }
  try {
    const parser = new Parser(text);
    return { ok: true, query: parser.start(), warnings: parser.warnings };
  } catch (error) {
    if (error instanceof SyntaxProblem) return { ok: false, error: locate(text, error.problem) };
    throw error;
  }
}

/** Parses an operand of `or`, `and` and `not`: an expression, or a value in a list. */
type Operand = () => Query | undefined;

class Parser {
  private readonly lexer: Lexer;
  private depth = 0;
  private nodes = 0;

  constructor(text: string) {
    this.lexer = new Lexer(text);
  }

  get warnings(): readonly Problem[] {
    return this.lexer.warnings;
  }

  /** start = space (or space)? end; space = optional white space */
  start(): Query {
    this.lexer.skipSpace();
    if (this.lexer.atEnd) return { kind: 'everything' };
    const query = this.or(this.expression);
    this.lexer.skipSpace();
    if (!this.lexer.atEnd) throw this.expected('"and", "or" or the end of the query');
    return query;
  }

  /** or = and (space 'or' space and)* */
  private or(operand: Operand): Query {
    return this.chain('or', () => this.chain('and', () => this.not(operand)));
  }

  /** and = not (space 'and' space not)* */
  private chain(kind: 'or' | 'and', next: () => Query): Query {
    const children = [next()];
    while (this.lexer.takeInfix(kind)) children.push(next());
    const [only] = children;
    return children.length === 1 && only ? only : this.node({ kind, children });
  }

  /** not = 'not' space operand / operand */
  private not(operand: Operand): Query {
    const negated = this.lexer.takeNot();
    const query = operand();
    if (query === undefined) throw this.expected('a field, a value or "("');
    return negated ? this.node({ kind: 'not', child: query }) : query;
  }

  /** expression = '(' or ')' / field range / field ':' of-field / literal */
  private readonly expression: Operand = () => {
    if (this.lexer.take('(')) return this.inside(')', () => this.or(this.expression));
    const literal = this.lexer.literal();
    if (literal === undefined) return undefined;
    const end = this.lexer.offset;
    this.lexer.skipSpace();
    const operator = this.rangeOperator();
    if (operator !== undefined) return this.range(literal, operator);
    if (this.lexer.take(':')) return this.fieldExpression(this.name(literal));
    this.checkOperator(this.lexer.text.slice(literal.offset, end), literal.offset);
    this.lexer.offset = end;
    return this.node({ kind: 'is', field: null, value: literal });
  };

  /** An operator by itself is a value without a field. */
  private checkOperator(raw: string, offset: number): void {
    if (!/^(and|or|not)$/i.test(raw)) return;
    const message = `"${raw}" has no operand, so it is read as text: remove it, or quote it`;
    this.lexer.warnings.push({ message, offset });
  }

  /** of-field = '{' or '}' / list */
  private fieldExpression(field: Name): Query {
    this.lexer.skipSpace();
    if (this.lexer.take('{')) {
      return this.node({ kind: 'nested', field, child: this.inside('}', () => this.or(this.expression)) });
    }
    const query = this.listOrValue(field)();
    if (query === undefined) throw this.expected('a value, "(" or "{"');
    return query;
  }

  /** list = '(' or ')' / literal; the operands of that `or` are lists */
  private listOrValue(field: Name): Operand {
    const operand: Operand = () => {
      if (this.lexer.take('(')) return this.inside(')', () => this.or(operand));
      const value = this.lexer.literal();
      return value && this.node({ kind: 'is', field, value });
    };
    return operand;
  }

  /** range = operator literal */
  private range(literal: Literal, operator: RangeOperator): Query {
    const field = this.name(literal);
    this.lexer.skipSpace();
    const value = this.lexer.literal();
    if (value === undefined) throw this.expected('a value');
    return this.node({ kind: 'range', field, operator, value });
  }

  /** operator = '>=' / '<=' / '>' / '<' */
  private rangeOperator(): RangeOperator | undefined {
    // the longer ones first
    return (['>=', '<=', '>', '<'] as const).find((operator) => this.lexer.take(operator));
  }

  /** A field may be named `true`: only values are typed. */
  private name(literal: Literal): Name {
    switch (literal.kind) {
      case 'text':
      case 'wildcard':
        return literal;
      case 'boolean':
        return { kind: 'text', text: String(literal.value), quoted: false, offset: literal.offset };
      case 'null':
        return { kind: 'text', text: 'null', quoted: false, offset: literal.offset };
    }
  }

  /** The content of brackets, up to and including the closing one. */
  private inside(close: ')' | '}', parse: () => Query): Query {
    const opened = this.lexer.offset - 1;
    this.depth += 1;
    if (this.depth > limits.depth) {
      throw new SyntaxProblem(`groups are nested more than ${limits.depth} deep`, opened);
    }
    this.lexer.skipSpace();
    const query = parse();
    this.lexer.skipSpace();
    if (!this.lexer.take(close)) throw this.expected(`"and", "or" or "${close}"`);
    this.depth -= 1;
    return query;
  }

  private node(query: Query): Query {
    this.nodes += 1;
    if (this.nodes > limits.nodes) {
      throw new SyntaxProblem(
        `the query has more than ${limits.nodes} terms and operators`,
        this.lexer.offset,
      );
    }
    return query;
  }

  private expected(what: string): SyntaxProblem {
    return new SyntaxProblem(`expected ${what}, found ${this.lexer.found}`, this.lexer.place);
  }
}
