import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configInputModule } from '../../docs/config-input.ts';
import { flags } from '../../infra/config/flags.ts';
import { readConfig } from '../../infra/config.ts';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

test('every flag is named, and no other', () => {
  const table = page.slice(page.indexOf('| flag |'), page.indexOf('Without a source'));
  const named = [...table.matchAll(/`-c (\w+)=/g)].map(([, name]) => name);
  expect(named.sort(), 'correct the table of flags in docs/configuration.md').toEqual([...flags].sort());
});

test.each([...page.matchAll(/```ts\n(.*?)```/gs)].map(([, block = '']) => block))(
  '%s can be deployed',
  (block) => {
    const text = block.replace(/^import .*$/gm, '');
    const file = join(mkdtempSync(join(tmpdir(), 'csrwatch-docs-')), 'csrwatch.config.ts');
    writeFileSync(file, text);
    return expect(readConfig({ config: file })).resolves.toMatchObject({ kind: 'detector' });
  },
);

test('a description states a default only as "; if absent, …", which becomes the tag @default', () => {
  expect(configInputModule()).not.toMatch(/if absent|by default/);
});
