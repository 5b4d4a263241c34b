import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attacks, fields } from '../../../alerts/attacks.ts';
import { chromiumPath, launchChromium } from '../../../chromium.ts';
import { listening } from '../../../loopback-server.ts';
import { recordingPath } from '../../../recordings.ts';
import { runScan } from '../../../run-command.ts';
import { finding, wholeStory } from '../made-up.ts';
import { items, type PageChanges, pageOf } from './page-of.ts';

const path = chromiumPath();
if (path === undefined)
  console.warn('The tests of the report in a browser are skipped: install Chromium, or set CHROMIUM.');

const folder = mkdtempSync(join(tmpdir(), 'csrwatch-page-'));
const phone = { width: 320, height: 640 };
const desktop = { width: 1_280, height: 900 };
let browser: Browser;
let files = 0;

beforeAll(async () => {
  if (path !== undefined) browser = await launchChromium(path);
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** A page, and everything that a page of text does not do: requests, dialogs, errors. */
async function opened(url: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: desktop, ...options });
  const page = await context.newPage();
  const incidents: string[] = [];
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== url) incidents.push(`request ${request.url()}`);
  });
  page.on('dialog', (dialog) => incidents.push(`dialog ${dialog.message()}`));
  page.on('pageerror', (error) => incidents.push(`error ${error.message}`));
  // violations of the policy among them
  page.on('console', (message) => incidents.push(`console ${message.text()}`));
  await page.goto(url);
  return { page, incidents, close: () => context.close() };
}

function saved(html: string): string {
  files += 1;
  const file = join(folder, `${files}.html`);
  writeFileSync(file, html);
  return pathToFileURL(file).href;
}

async function savedPage(found: Parameters<typeof pageOf>[0], changes: PageChanges = {}): Promise<string> {
  return saved(await pageOf(found, changes));
}

function scanned(...args: readonly string[]): string {
  files += 1;
  const file = join(folder, `${files}.html`);
  const { status, stderr } = runScan(['--summary', '--report', file, ...args]);
  expect(status, stderr).toBe(1);
  return pathToFileURL(file).href;
}

const unfoldAll = "for (const one of document.querySelectorAll('details')) one.open = true";
const shownStories = (page: Page) => page.locator('article:visible').count();

describe.skipIf(path === undefined)('the report in a browser', () => {
  test('runs nothing that an attacker wrote, and requests nothing', async () => {
    const short = attacks.filter(([, attack]) => attack.length < 1_000);
    const scripts = [
      '<script>alert(1)</script>',
      '</script><script>alert(1)</script>',
      '</style><img src=http://127.0.0.1:9/x onerror=alert(1)>',
      '<!--<script>',
      '"onfocus="alert(1)" autofocus="',
      '<iframe srcdoc="<script>parent.alert(1)</script>">',
      '<link rel=stylesheet href=//127.0.0.1:9/x.css>',
      '<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">',
      '<a href=javascript:alert(1) id=filters>',
    ];
    const found = [];
    for (const attack of [...short.map(([, attack]) => attack), ...scripts]) {
      for (const [name, field] of Object.entries(fields)) {
        const one = await field(attack);
        found.push({ ...one, eventDigest: `${name} ${attack}`, event: { ...one.event, [attack]: attack } });
      }
    }
    const url = await savedPage(items(found), { info: { scan: scripts.map((text) => ['Command', text]) } });
    const { page, incidents, close } = await opened(url);
    await page.evaluate(unfoldAll);
    await page.waitForTimeout(200);
    expect(incidents).toEqual([]);
    expect(await page.locator('script').count()).toBe(1);
    expect(await page.locator('img, iframe, link, object, embed, base').count()).toBe(0);
    await close();
  });

  test('its policy stops what got into it nevertheless', async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.end();
    });
    const service = await listening(server);
    const injected = `<script>alert(1)</script><script src="${service.url}/x.js"></script><img src="${service.url}/x" onerror="alert(1)"><p style="color:red">x</p></main>`;
    const url = saved((await pageOf(items(wholeStory))).replace('</main>', injected));
    const { page, incidents, close } = await opened(url);
    await page.waitForTimeout(200);
    expect(requests).toBe(0);
    expect(incidents.filter((one) => one.startsWith('dialog'))).toEqual([]);
    expect(incidents.filter((one) => one.includes('Content Security Policy')).length).toBeGreaterThan(2);
    await close();
    await service.stop();
  });

  test.each([
    ['EKS', ['--actor', 'system:serviceaccount:payments:checkout', recordingPath('eks-attacks.ndjson.gz')]],
    ['a self-managed cluster', ['--min-severity', 'critical', recordingPath('selfmanaged.ndjson.gz')]],
    ['a log without bodies', [recordingPath('metadata-only.ndjson.gz')]],
  ])(
    'axe finds nothing in that of %s',
    async (_, args) => {
      const url = scanned(...args);
      for (const options of [{ viewport: desktop }, { viewport: phone, colorScheme: 'dark' as const }]) {
        // axe is no part of the page
        const { page, incidents, close } = await opened(url, { ...options, bypassCSP: true });
        expect(incidents).toEqual([]);
        await page.evaluate(axe.source);
        await page.evaluate(unfoldAll);
        const violations: unknown = await page.evaluate(
          'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))',
        );
        expect(violations).toEqual([]);
        await close();
      }
    },
    60_000,
  );

  const severe = finding({ severity: 'critical', eventDigest: 'e1' });
  const quiet = finding({
    severity: 'low',
    eventDigest: 'e2',
    time: '2026-11-23T23:00:00Z',
    request: { name: 'other', uid: 'u-2' },
    actor: { ...finding().actor, name: 'alice' },
  });

  test('filters by severity, actor and time, and shows all again', async () => {
    const { page, incidents, close } = await opened(await savedPage(items([severe, quiet])));
    expect(await shownStories(page)).toBe(2);
    await page.getByLabel('low').uncheck();
    expect(await page.locator('article:visible h3').textContent()).toContain('CSR backup');
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => shownStories(page)).toBe(2);
    await page.getByRole('combobox').selectOption({ label: 'alice (1)' });
    expect(await page.locator('article:visible h3').textContent()).toContain('CSR other');
    expect(await page.locator('.lane:visible').count()).toBe(1);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByLabel('Until').fill('2026-11-23T22:00:00');
    expect(await page.locator('article:visible h3').textContent()).toContain('CSR backup');
    expect(await page.getByRole('status').textContent()).toBe('1 of 2 shown');
    await page.getByLabel('From').fill('2026-11-23T21:59:00');
    expect(await shownStories(page)).toBe(0);
    expect(incidents).toEqual([]);
    await close();
  });

  test('a mark of the timeline leads to its story', async () => {
    const { page, close } = await opened(await savedPage(items([severe, quiet])));
    await page.locator('.lane a').last().click();
    expect(await page.locator('article:target h3').textContent()).toMatch(/CSR (backup|other)/);
    await close();
  });

  test('can be read without JavaScript', async () => {
    const { page, close } = await opened(await savedPage(items([severe, quiet])), {
      javaScriptEnabled: false,
    });
    expect(await shownStories(page)).toBe(2);
    expect(await page.locator('form').isVisible()).toBe(false);
    await page.locator('summary').first().click();
    expect(await page.locator('pre').first().isVisible()).toBe(true);
    await close();
  });

  test('a phone shows it without scrolling sideways', async () => {
    const long = 'x'.repeat(300);
    const wide = finding({ eventDigest: 'e3', request: { name: long, uid: 'u-3' }, event: { [long]: long } });
    const url = await savedPage(items([...wholeStory, wide]));
    const { page, close } = await opened(url, { viewport: phone });
    await page.evaluate(unfoldAll);
    const overflow: unknown = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBe(0);
    await close();
  });

  test('on paper, it has all stories on white, no controls, and the events that were unfolded', async () => {
    const { page, close } = await opened(await savedPage(items([severe, quiet])), { colorScheme: 'dark' });
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await background()).not.toBe('rgb(255, 255, 255)');
    await page.locator('summary').first().click();
    await page.emulateMedia({ media: 'print' });
    expect(await background()).toBe('rgb(255, 255, 255)');
    expect(await shownStories(page)).toBe(2);
    expect(await page.locator('form').isVisible()).toBe(false);
    expect(await page.locator('pre:visible').count()).toBe(1);
    expect((await page.pdf()).length).toBeGreaterThan(1_000);
    await close();
  });

  test('opens with five thousand findings', async () => {
    const many = Array.from({ length: 5_000 }, (_, index) =>
      finding({
        eventDigest: `e${index}`,
        time: new Date(Date.UTC(2026, 10, 23) + index * 20_000).toISOString(),
        request: { ...finding().request, name: `csr-${index}`, uid: `u-${index}` },
        actor: { ...finding().actor, name: `user-${index % 50}` },
        event: { auditID: `${index}`, requestObject: { spec: { request: 'x'.repeat(3_000) } } },
      }),
    );
    const { page, incidents, close } = await opened(await savedPage(items(many)));
    expect(await page.locator('article').count()).toBe(5_000);
    expect(await page.locator('details').count()).toBe(5_000);
    // each element takes time to lay out, whatever the machine
    expect(await page.locator('*').count()).toBeLessThan(300_000);
    await page.getByRole('combobox').selectOption({ index: 1 });
    expect(await page.getByRole('status').textContent()).toBe('100 of 5000 shown');
    expect(incidents).toEqual([]);
    await close();
  }, 60_000);
});
