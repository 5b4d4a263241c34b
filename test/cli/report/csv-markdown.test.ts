import { describe, expect, test } from 'vitest';
import { noCoverage } from '../../../cli/report/coverage.ts';
import { createReporter, type Format } from '../../../cli/report/create-reporter.ts';
import { emptyStats } from '../../../cli/report/scan-stats.ts';
import type { Finding } from '../../../lambda/findings/finding.ts';
import { finding, wholeStory } from './made-up.ts';

async function printed(format: Format, findings: readonly Finding[]) {
  let text = '';
  const print = async (more: string) => {
    text += more;
  };
  const options = {
    sort: 'severity',
    summaryOnly: false,
    timelineOf: undefined,
    onlyCsrStories: false,
  } as const;
  const reporter = await createReporter(format, print, { color: false, width: 80 }, options);
  for (const one of findings) await reporter.item({ kind: 'finding', finding: one });
  await reporter.end(emptyStats(), noCoverage);
  return text;
}

describe('csv', () => {
  test('has the names of its columns, also without a finding, and one row per finding', async () => {
    const header = await printed('csv', []);
    expect(header).toMatch(/^time,severity,rule,.*,id\r\n$/);
    const rows = (await printed('csv', wholeStory)).split('\r\n');
    expect(rows).toHaveLength(wholeStory.length + 2);
    expect(rows[1]).toContain('"CN=system:kube-controller-manager, O=system:masters, O=dev"');
  });

  test.each([
    ['=HYPERLINK("http://evil")', '"\'=HYPERLINK(""http://evil"")"'],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', '\\u{9}=1'],
    ['a\r\nb', 'a\\u{d}\\u{a}b'],
  ])('the name %j is text in a spreadsheet, and one cell', async (name, cell) => {
    const [, row = ''] = (await printed('csv', [finding({ actor: { ...finding().actor, name } })])).split(
      '\r\n',
    );
    expect(row).toContain(`,${cell},`);
  });
});

describe('markdown', () => {
  test('has the overview and the stories', async () => {
    const text = await printed('markdown', wholeStory);
    expect(text).toMatch(/^## Overview\n\n- \*\*Findings:\*\* `3`\n/);
    expect(text).toContain('## CRITICAL: `CSR backup`\n\n`requested → approved → issued`\n');
    expect(text).toContain('- **Requester:** `mallory`\n');
    expect(text).toContain(
      '1. `2026-11-23T21:55:48.569669Z` **requested** (201) by `mallory` from `203.0.113.7`',
    );
  });

  test.each(['`', '``a', '[x](http://evil)', '<img src=x>', '@team', '| a |', '# title'])(
    'the name %j is inert',
    async (name) => {
      const text = await printed('markdown', [
        finding({ request: { name }, actor: { ...finding().actor, name } }),
      ]);
      // without the code spans, nothing of the name is left
      const outside = text.replace(/(`+) ?[^\n]*? ?(?<!`)\1(?!`)/g, '');
      expect(outside).not.toMatch(/evil|img|team|\||# title|`/);
    },
  );
});
