import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const signals = readdirSync(new URL('../../lambda/findings/signals/', import.meta.url)).map((file) =>
  read(`lambda/findings/signals/${file}`),
);
const inCode = signals.flatMap((text) => [...text.matchAll(/\bid: '([a-z-]+)'/g)].map(([, id]) => id));

test('docs/signals.md has a row for every signal, and for no other', () => {
  const rows = [...read('docs/signals.md').matchAll(/^\| `([a-z-]+)` \|.*\|(.*)\|$/gm)];
  expect(inCode.length).toBeGreaterThan(15);
  expect(rows.map(([, id]) => id).sort()).toEqual(inCode.sort());
});

test('it says of those that raise a finding, and of no other, that they do', () => {
  const rows = [...read('docs/signals.md').matchAll(/^\| `([a-z-]+)` \|.*\| critical \|$/gm)];
  const raising = signals.flatMap((text) =>
    [...text.matchAll(/\bid: '([a-z-]+)'(?:(?!\bid: ').)*?raisesTo: 'critical'/gs)].map(([, id]) => id),
  );
  expect(rows.map(([, id]) => id).sort()).toEqual(raising.sort());
});
