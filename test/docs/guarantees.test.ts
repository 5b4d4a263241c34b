import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync('docs/guarantees.md', 'utf8');
const named = [...page.matchAll(/`(test\/[\w/.-]+)`: "([^"]+)"/g)].map(([, file = '', title = '']) => ({
  file,
  title,
}));

test('every row of the guarantees names a test', () => {
  const [, nothingLost = '', duplicates = ''] = page.split(/^## /m);
  const rows = [nothingLost, duplicates].flatMap((section) =>
    section.split('\n').filter((line) => line.startsWith('| ') && !/^\| (guarantee|---)/.test(line)),
  );
  expect(rows.length).toBeGreaterThan(15);
  expect(rows, 'name a test in every row of docs/guarantees.md').toHaveLength(named.length);
});

test.each(named)('$file has the test "$title"', ({ file, title }) => {
  const source = readFileSync(file, 'utf8');
  const isThere = source.includes(`'${title}'`) || source.includes(`"${title}"`);
  expect(isThere, 'correct the test in docs/guarantees.md: it was renamed or moved').toBe(true);
});
