import { describe, expect, test } from 'vitest';
import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { type Compiled, compile } from '../../lambda/kql/compile.ts';
import { parse } from '../../lambda/kql/parse.ts';
import { print } from '../../lambda/kql/print.ts';
import { audit } from './cases/audit.ts';
import { errors } from './cases/errors.ts';
import { grammar } from './cases/grammar.ts';
import { meaning } from './cases/meaning.ts';
import { flatSchema } from './documents.ts';
import { draw } from './draw.ts';

function parsed(text: string) {
  const result = parse(text);
  if (!result.ok) throw new Error(`${result.error.message}\n${result.error.excerpt}`);
  return result.query;
}

const clock = () => Date.UTC(2026, 5, 15, 12, 34, 56, 789);

function predicate<D>(compiled: Compiled<D>) {
  if (!compiled.ok) throw new Error(`${compiled.error.message}\n${compiled.error.excerpt}`);
  return compiled.matches;
}

/** The query, and the same query as the printer writes it, which must mean the same. */
function spellings(query: string): string[] {
  return [query, print(parsed(query))];
}

describe('the grammar', () => {
  test.each(grammar)('%j is %s', (query, tree) => {
    expect(draw(parsed(query))).toBe(tree);
    expect(draw(parsed(print(parsed(query))))).toBe(tree);
    expect(compile(query, flatSchema)).toMatchObject({ ok: true });
  });
});

describe('an invalid query', () => {
  test.each(errors)('%j: %i:%i %s', (query, line, column, message) => {
    expect(compile(query, flatSchema)).toMatchObject({ ok: false, error: { line, column, message } });
  });
});

describe('the meaning of a query', () => {
  test.each(meaning)('%j on %j: %j', (query, document, expected) => {
    for (const text of spellings(query)) {
      expect(predicate(compile(text, flatSchema, { clock }))(document)).toBe(expected);
    }
  });
});

describe('the meaning of a query on an audit event', () => {
  const schema = auditSchema(csrwatchFields);

  test.each(audit)('%s', (query, event, expected) => {
    const record: AuditRecord = {
      event,
      format: 'json',
      cluster: 'prod',
      place: { origin: { kind: 'file', path: 'test' } },
    };
    for (const text of spellings(query)) {
      expect(predicate(compile(text, schema, { clock }))(record)).toBe(expected);
    }
  });
});

test('the table has at least five hundred cases and no duplicates', () => {
  const cases = [grammar, errors, meaning, audit].flatMap((rows) => rows.map((row) => JSON.stringify(row)));
  expect(cases.length).toBeGreaterThanOrEqual(500);
  expect(new Set(cases).size).toBe(cases.length);
});
