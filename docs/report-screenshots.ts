// Takes the screenshots in investigating.md, with the installed Chromium: npm run docs:screenshots
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { chromiumPath, launchChromium } from '../test/chromium.ts';

interface Screenshot {
  readonly name: string;
  /** Of the scan. */
  readonly args: readonly string[];
  readonly browser: BrowserContextOptions;
  readonly prepare: (page: Page) => Promise<void>;
}

const screenshots: readonly Screenshot[] = [
  {
    name: 'desktop',
    args: ['samples/eks.ndjson.gz'],
    browser: { viewport: { width: 1_000, height: 950 } },
    prepare: async () => {},
  },
  {
    name: 'phone',
    args: ['--csr', 'bob-laptop', 'samples/self-managed.ndjson.gz'],
    browser: { viewport: { width: 400, height: 850 }, colorScheme: 'dark' },
    prepare: async (page) => {
      await page.evaluate("document.querySelector('article').scrollIntoView()");
    },
  },
  {
    name: 'without-bodies',
    args: ['test/fixtures/recordings/metadata-only.ndjson.gz'],
    browser: { viewport: { width: 900, height: 950 } },
    prepare: async (page) => {
      await page.emulateMedia({ media: 'print' });
      // the paper's own
      await page.evaluate("document.body.style.margin = '2rem'");
    },
  },
];

const root = fileURLToPath(new URL('../', import.meta.url));
const executable = chromiumPath();
if (executable === undefined) throw new Error('no Chromium is installed');
const browser = await launchChromium(executable);
const folder = mkdtempSync(join(tmpdir(), 'csrwatch-'));
for (const { name, args, browser: options, prepare } of screenshots) {
  const report = join(folder, 'report.html');
  const command = ['cli/csrwatch.js', 'scan', '--report', report, ...args];
  const { status, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
  if (status !== 1) throw new Error(`scan found nothing or failed: ${stderr}`);
  const page = await browser.newPage(options);
  await page.goto(pathToFileURL(report).href);
  await prepare(page);
  await page.screenshot({ path: join(root, `docs/report/${name}.png`) });
  await page.close();
}
await browser.close();
rmSync(folder, { recursive: true });
