import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agreement, type Language, soundness } from './properties.ts';

const source = fileURLToPath(new URL('../../lambda/kql', import.meta.url));

/** The language with one text in its source replaced. */
async function mutant(file: string, from: string, to: string): Promise<Language> {
  const folder = join(mkdtempSync(join(tmpdir(), 'csrwatch-mutant-')), 'kql');
  cpSync(source, folder, { recursive: true });
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
  const part = (name: string) => import(/* @vite-ignore */ pathToFileURL(join(folder, name)).href);
  const compile: Pick<Language, 'compile'> = await part('compile.ts');
  const literals: Pick<Language, 'prefilterLiterals'> = await part('literals.ts');
  const filter: Pick<Language, 'subscriptionFilter'> = await part('subscription-filter.ts');
  return { ...compile, ...literals, ...filter };
}

/** Fixed, so that the result is the same every time. */
const seed = 1;
const numRuns = 20_000;
const isCaught = <T>(property: fc.IPropertyWithHooks<T>) =>
  fc.check(property, { numRuns, seed, endOnFailure: true }).failed;

test('the unchanged language passes when loaded like a mutant', async () => {
  const same = await mutant('predicate.ts', 'always', 'always');
  expect(fc.check(agreement(same), { numRuns: 500 }).failed).toBe(false);
  expect(fc.check(soundness(same), { numRuns: 500 }).failed).toBe(false);
});

test.each<[file: string, from: string, to: string]>([
  ['predicate.ts', 'if (!matches(document)) return false', 'if (matches(document)) return true'],
  ['predicate.ts', 'always(!constant)', 'always(constant)'],
  ['predicate.ts', '!matches(document) }', 'matches(document) }'],
  ['predicate.ts', 'constant === false', 'constant === true'],
  ['predicate.ts', 'if (variable.length === 1) return first', 'if (variable.length > 0) return first'],
  ['field-predicates.ts', 'if (test(value)) return true', 'return test(value)'],
  ['compiler.ts', 'if (isStar(name)) return always(true)', 'if (isStar(name)) return always(false)'],
  ['field-predicates.ts', 'const test = includes(field.name) ?', 'const test = true ?'],
  ['parse.ts', "this.chain('or', () => this.chain('and'", "this.chain('and', () => this.chain('or'"],
  ['wildcard.ts', 'let from = first.length', 'let from = 0'],
  ['wildcard.ts', 'found + part.length > end', 'found > end'],
  ['wildcard.ts', '!value.endsWith(last)', 'false'],
  ['types/type.ts', 'order >= 0', 'order > 0'],
  ['types/type.ts', 'surrogate.test(value) || surrogate.test(bound)', 'false'],
  ['types/keyword.ts', 'text.length > maxCharacters', 'text.length > 9_999'],
  ['types/keyword.ts', 'if (texts.has(text)) return true', 'if (texts.has(text)) return false'],
  ['types/text.ts', 'literal.quoted', '!literal.quoted'],
  ['types/text.ts', 'part.toLowerCase()', 'part'],
  ['types/integer.ts', 'Math.trunc(number)', 'number'],
  ['types/boolean.ts', "value === 'true'", 'false'],
  ['types/date.ts', "operator === '<='", "operator === '<'"],
  ['date-expression.ts', "['M', month]", "['d', month]"],
  ['ip-address.ts', 'bits - index * 16', 'bits - index * 8'],
  ['types/ip.ts', 'found <= network.last', 'true'],
])('a change in %s from %j to %j is caught', async (file, from, to) => {
  expect(isCaught(agreement(await mutant(file, from, to)))).toBe(true);
});

test.each<[file: string, from: string, to: string]>([
  ['literals.ts', 'if (set === null) return null', 'if (set === null) continue'],
  ['literals.ts', "case 'not':", "case 'not': return optionsOf(query.child, schema);"],
  ['literals.ts', 'if (couldBeUnquoted(value)) return null', ''],
  [
    'literals.ts',
    "if (type === 'text') return textLiterals(value, minLength);",
    "if (type === 'text') return [literalIn(value)].flatMap((found) => found ?? []);",
  ],
  ['text-literals.ts', 'ignoreCase: true', 'ignoreCase: false'],
  ['text-literals.ts', '|| isNumeric(run)', ''],
  ['text-literals.ts', 'value.quoted ?', 'true ?'],
  ['literals.ts', '/[A-Za-z0-9_.:-]+/g', '/[^*]+/g'],
  ['literals.ts', 'before === undefined ? isStart', 'before === undefined ? true'],
  ['literals.ts', 'after === undefined ? isEnd', 'after === undefined ? true'],
  ['literals.ts', 'isSeparator(before)', 'true'],
  ['subscription-filter.ts', 'const isWholeWords = ', 'const isWholeWords = true || '],
  ['subscription-filter.ts', "'|'", "'.'"],
])('a change in %s from %j to %j is caught', async (file, from, to) => {
  expect(isCaught(soundness(await mutant(file, from, to)))).toBe(true);
});
