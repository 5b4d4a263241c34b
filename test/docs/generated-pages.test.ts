import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withCounts } from '../../docs/counts.ts';
import { withBlock } from '../../docs/generated-block.ts';
import { generatedPages } from '../../docs/generated-pages.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test.each(Object.entries(generatedPages))(
  '%s shows what the code has today',
  {
    timeout: 120_000,
  },
  async (path, written) => {
    const page = read(path);
    const current = (await written(page)) === page;
    expect(current, `${path} is behind the code: run \`npm run docs\` and commit the page`).toBe(true);
  },
);

test.each(['README.md', 'CHANGELOG.md'])('%s counts the companion rules and the signals', (path) => {
  for (const counted of [/\d+ companion rules/, /\d+ signals/]) {
    expect(counted.test(read(path)), `${path} has no text like ${counted}`).toBe(true);
  }
});

test('a count that is wrong is corrected', () => {
  expect(withCounts('0 companion rules and 0 signals, 0 of them raise it')).toMatch(
    /^[1-9]\d* companion rules and [1-9]\d* signals, [1-9]\d* of them raise it$/,
  );
});

test('a page without the block that is written into it is an error', () => {
  expect(withBlock('<!-- a: b -->\nold\n<!-- /a -->\n', 'a', 'new\n')).toBe(
    '<!-- a: b -->\nnew\n<!-- /a -->\n',
  );
  expect(() => withBlock('text', 'a', 'new')).toThrow('the page has no block <!-- a: … --> … <!-- /a -->');
});
