import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { listedSignals } from '../../docs/counts.ts';

const folder = new URL('../../lambda/findings/signals/', import.meta.url);
const sources = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
const idsIn = (pattern: RegExp) =>
  sources.flatMap((text) => [...text.matchAll(pattern)].map(([, id = '']) => id));

test('docs/signals.md has a row for every signal in the code, and for no other', () => {
  const inCode = idsIn(/\bid: '([a-z-]+)'/g);
  const rows = listedSignals().map(({ id }) => id);
  expect(inCode.length).toBeGreaterThan(15);
  const missing = inCode.filter((id) => !rows.includes(id));
  const unknown = rows.filter((id) => !inCode.includes(id));
  expect({ missing, unknown }, 'correct the table of docs/signals.md').toEqual({ missing: [], unknown: [] });
});

test('docs/signals.md states which signals raise a finding to critical', () => {
  const raising = idsIn(/\bid: '([a-z-]+)'(?:(?!\bid: ').)*?raisesTo: 'critical'/gs);
  const rows = listedSignals().filter(({ raisesTo }) => raisesTo === 'critical');
  expect(rows.map(({ id }) => id).sort(), 'correct the severities in docs/signals.md').toEqual(
    raising.sort(),
  );
});
