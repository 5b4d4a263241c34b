import type { Problem } from './error.ts';
import type { Literal } from './tree.ts';

/** Space, tab, CR, LF and NBSP; nothing else is white space in KQL, not even U+3000. */
const whitespace = new Set([' ', '\t', '\r', '\n', '\u00a0']);
/** They end an unquoted literal. */
const special = new Set(['(', ')', ':', '<', '>', '"', '{', '}']);
const control: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n' };

/** Only thrown inside the parser: `parse` returns it as a value. */
export class SyntaxProblem extends Error {
  readonly problem: Problem;

  constructor(message: string, offset: number) {
    super(message);
    this.problem = { message, offset };
  }
}

/** Reads a query from left to right: white space, keywords and literals. */
export class Lexer {
  offset = 0;
  /** Operators that are part of a value, although they were probably meant as operators. */
  readonly warnings: Problem[] = [];
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get atEnd(): boolean {
    return this.offset >= this.text.length;
  }

  skipSpace(): void {
    while (this.isSpace(this.offset)) this.offset += 1;
  }

  take(token: string): boolean {
    if (!this.text.startsWith(token, this.offset)) return false;
    this.offset += token.length;
    return true;
  }

  /** Takes `and` or `or` if white space is on both sides. */
  takeInfix(word: 'and' | 'or'): boolean {
    const end = this.infixEnd(word, this.offset);
    if (end === undefined) return false;
    this.offset = end;
    this.skipSpace();
    return true;
  }

  /** Takes `not` if white space follows. */
  takeNot(): boolean {
    if (!this.isNot(this.offset)) return false;
    this.offset += 3;
    this.skipSpace();
    return true;
  }

  /** literal = quoted / unquoted; `undefined` if none begins here. */
  literal(): Literal | undefined {
    return this.text[this.offset] === '"' ? this.quoted() : this.unquoted();
  }

  /** The text at the current place, for an error message. */
  get found(): string {
    if (this.atEnd) return 'the end of the query';
    const word = /^[^\s()":<>{}]+/.exec(this.text.slice(this.offset, this.offset + 24))?.[0];
    return JSON.stringify(word ?? String.fromCodePoint(this.text.codePointAt(this.offset) ?? 0));
  }

  /** The place to report: at the end of the query it is the end of the last line that is not blank. */
  get place(): number {
    const end = this.text.trimEnd().length;
    return this.atEnd && this.text.includes('\n', end) ? end : this.offset;
  }

  private isSpace(offset: number): boolean {
    return whitespace.has(this.text[offset] ?? '');
  }

  private isWord(word: string, offset: number): boolean {
    return this.text.slice(offset, offset + word.length).toLowerCase() === word;
  }

  private infixEnd(word: string, offset: number): number | undefined {
    const start = offset;
    while (this.isSpace(offset)) offset += 1;
    if (offset === start || !this.isWord(word, offset)) return undefined;
    return this.isSpace(offset + word.length) ? offset + word.length : undefined;
  }

  private isNot(offset: number): boolean {
    return this.isWord('not', offset) && this.isSpace(offset + 3);
  }

  private isKeyword(offset: number): boolean {
    if (this.isNot(offset)) return true;
    // checked once per run of white space: checking at each of its characters would take quadratic time
    if (!this.isSpace(offset) || this.isSpace(offset - 1)) return false;
    return this.infixEnd('or', offset) !== undefined || this.infixEnd('and', offset) !== undefined;
  }

  /** quoted = '"' (escape / any but '"')* '"'; a backslash that begins no escape is itself. */
  private quoted(): Literal {
    const offset = this.offset;
    this.offset += 1;
    let text = '';
    for (;;) {
      const char = this.text[this.offset];
      if (char === undefined) throw new SyntaxProblem('the closing quotation mark is missing', offset);
      this.offset += 1;
      if (char === '"') return { kind: 'text', text, quoted: true, offset };
      text += char === '\\' ? (this.escape(/^["\\]/) ?? '\\') : char;
    }
  }

  /** unquoted = (escape / '*' / any that is not special and begins no keyword)+ */
  private unquoted(): Literal | undefined {
    const offset = this.offset;
    const parts = [''];
    for (;;) {
      const char = this.text[this.offset];
      if (char === undefined || special.has(char)) break;
      if (this.isKeyword(this.offset)) break;
      this.offset += 1;
      if (char === '*') parts.push('');
      else parts.push(`${parts.pop() ?? ''}${char === '\\' ? this.unquotedEscape() : char}`);
    }
    if (this.offset === offset) return undefined;
    this.checkOperators(offset);
    const trimmed = trimParts(parts);
    if (trimmed.length > 1) return { kind: 'wildcard', parts: trimmed, offset };
    return word(trimmed[0] ?? '', offset);
  }

  /** `a:foo or` and `or a:foo` are valid: the operator is part of the value or of the name. */
  private checkOperators(start: number): void {
    const raw = this.text.slice(start, this.offset);
    const [, first] = /^(and|or)\s/i.exec(raw) ?? [];
    const last = /\s(and|or|not)\s*$/i.exec(raw);
    const advice = 'so it is read as text: remove it, or quote the text';
    if (first !== undefined) {
      this.warnings.push({ message: `"${first}" has nothing before it, ${advice}`, offset: start });
    }
    if (last) {
      const offset = start + last.index + 1;
      this.warnings.push({ message: `"${last[1]}" has nothing after it, ${advice}`, offset });
    }
  }

  private unquotedEscape(): string {
    const escaped = this.escape(/^(?:[\\():<>"*{}]|and|or|not)/i);
    if (escaped !== undefined) return escaped;
    throw new SyntaxProblem(
      `a backslash escapes one of \\ ( ) : < > " * { } or begins \\t \\r \\n \\uXXXX, not ${this.found}`,
      this.offset - 1,
    );
  }

  /** What follows a backslash: control characters and \uXXXX first, then the characters and words of `plain`. */
  private escape(plain: RegExp): string | undefined {
    const rest = this.text.slice(this.offset, this.offset + 5);
    const unicode = /^u([0-9a-fA-F]{4})/.exec(rest)?.[1];
    if (unicode !== undefined) {
      this.offset += 5;
      return String.fromCharCode(Number.parseInt(unicode, 16));
    }
    const written = control[rest[0] ?? ''];
    const taken = written === undefined ? plain.exec(rest)?.[0] : rest[0];
    this.offset += taken?.length ?? 0;
    return written ?? taken;
  }
}

/** Ends are trimmed after unescaping, so an escaped tab at an end is removed too. */
function trimParts(parts: string[]): string[] {
  const trimmed = [...parts];
  trimmed[0] = (trimmed[0] ?? '').trimStart();
  const last = trimmed.length - 1;
  trimmed[last] = (trimmed[last] ?? '').trimEnd();
  return trimmed;
}

function word(text: string, offset: number): Literal {
  switch (text) {
    case 'true':
    case 'false':
      return { kind: 'boolean', value: text === 'true', offset };
    case 'null':
      return { kind: 'null', offset };
    default:
      return { kind: 'text', text, quoted: false, offset };
  }
}
