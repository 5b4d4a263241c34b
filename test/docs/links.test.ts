import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = globSync(['*.md', '.github/*.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: root }).sort();
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));

/** Anchors as GitHub makes them from headings. */
function anchorsOf(page: string): Set<string> {
  const headings = [...page.replaceAll(/^````?.*?^````?$/gms, '').matchAll(/^#+ (.*)$/gm)];
  return new Set(
    headings.map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Links that lead nowhere: to a missing file, or to a missing heading of a page. */
function brokenLinks(path: string): string[] {
  const links = [...read(path).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(read(target)).has(anchor);
  });
}

describe.each(pages)('%s', (path) => {
  test('links to files and headings that exist', () => {
    expect(brokenLinks(path), `broken links in ${path}`).toEqual([]);
  });

  test('names files and folders that exist', () => {
    const folders = '(?:lambda|infra|cli|docs|test|rules|samples|bench|examples|\\.github)';
    const names = [...read(path).matchAll(new RegExp(`\`(${folders}/[\\w./-]*)\``, 'g'))];
    const real = names.map(([, name = '']) => name).filter((name) => !name.includes('NAME'));
    const missing = real.filter((name) => !existsSync(join(root, name)));
    expect(missing, `${path} names files that were moved or deleted`).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const names = [...read(path).matchAll(/\bnpm run (?:-s )?([\w:]+)/g)].map(([, name = '']) => name);
    const unknown = names.filter((name) => !(name in scripts));
    expect(unknown, `${path} names npm scripts that package.json does not have`).toEqual([]);
  });
});
