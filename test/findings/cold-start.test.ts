import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeBundle } from '../../infra/bundle.ts';

const directory = mkdtempSync(join(tmpdir(), 'csrwatch-bundle-'));
writeBundle(directory, { definitions: [], literals: [] });
afterAll(() => rmSync(directory, { recursive: true }));

/** Texts that occur only in one of the parts that read a request: the DER reader, the signals. */
const readers = ['bytes follow the DER', 'api-server-client-signer'];

/** The entry and everything that it imports statically. */
function loadedAtStart(file = 'index.mjs', seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(join(directory, file), 'utf8');
  const imports = text.matchAll(/(?:from|import)\s*"\.\/([\w.-]+)"/g);
  for (const [, next = ''] of imports) loadedAtStart(next, seen);
  return seen;
}

test.each(readers)('the reader of requests is bundled, but not loaded at a cold start: %s', (text) => {
  const holding = readdirSync(directory).filter((file) =>
    readFileSync(join(directory, file), 'utf8').includes(text),
  );
  expect(holding).toHaveLength(1);
  expect(loadedAtStart().size).toBeGreaterThan(1);
  expect([...loadedAtStart()]).not.toContain(holding[0]);
});
