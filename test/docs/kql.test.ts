import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { compile } from '../../lambda/kql/compile.ts';
import { limits } from '../../lambda/kql/parse.ts';

const page = readFileSync(new URL('../../docs/kql.md', import.meta.url), 'utf8');
const place = { origin: { kind: 'file', path: 'docs/kql.md' } } as const;
const examples = [...page.matchAll(/```kql\n(.*?)```/gs)].map(([, block = '']) => {
  const lines = block.trim().split('\n');
  return {
    query: lines.filter((line) => !/^[-+!?] /.test(line)).join('\n'),
    lines: lines.filter((line) => /^[-+!?] /.test(line)),
  };
});

describe('an example of docs/kql.md', () => {
  test.each(examples)('$query', ({ query, lines }) => {
    const compiled = compile(query, auditSchema(csrwatchFields));
    const found = lines.map((line) => {
      const event = () => JSON.parse(line.slice(2));
      switch (line[0]) {
        case '!':
          return compiled.ok
            ? 'it compiles'
            : `! ${compiled.error.line}:${compiled.error.column} ${compiled.error.message}`;
        case '?':
          return compiled.ok
            ? compiled.warnings
                .map(({ line, column, message }) => `? ${line}:${column} ${message}`)
                .join('\n')
            : compiled.error.message;
        default: {
          const matches =
            compiled.ok && compiled.matches({ event: event(), format: 'json', cluster: null, place });
          return `${matches ? '+' : '-'}${line.slice(1)}`;
        }
      }
    });
    expect(found).toEqual(lines);
    if (!lines.some((line) => line.startsWith('!'))) expect(compiled.ok).toBe(true);
  });

  test('is there for matching, not matching, errors and warnings', () => {
    const kinds = new Set(examples.flatMap(({ lines }) => lines.map((line) => line[0])));
    expect([...kinds].sort()).toEqual(['!', '+', '-', '?']);
    expect(examples.length).toBeGreaterThan(20);
  });
});

test('docs/kql.md names every csrwatch field and every limit', () => {
  const names = Object.keys(csrwatchFields).map((name) => `\`${name}\``);
  const numbers = Object.values(limits).map((limit) => limit.toLocaleString('en'));
  const missing = [...names, ...numbers].filter((text) => !page.includes(text));
  expect(missing, 'add these to docs/kql.md').toEqual([]);
});
