import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageFile } from '../../lambda/rules/package-file.ts';

const root = packageFile('.');
const files = ['lambda', 'infra', 'cli'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && file.name.endsWith('.ts'))
    .map(({ parentPath, name }) => relative(root, join(parentPath, name))),
);
/** By file, what it imports of these folders: also types, and what is loaded lazily. */
const imports = new Map(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+\.ts)'/g)]
    .map(([, path = '']) => join(dirname(file), path))
    .filter((path) => files.includes(path));
}

/** The imports from the files of one folder to others, as `from -> to`. */
function importsFrom(folder: string, isForbidden: (to: string) => boolean): string[] {
  return [...imports]
    .filter(([from]) => from.startsWith(folder))
    .flatMap(([from, all]) => all.filter((to) => isForbidden(to)).map((to) => `${from} -> ${to}`));
}

test('no file imports itself through others', () => {
  const isDone = new Map<string, boolean>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (isDone.get(file)) return;
    if (isDone.has(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    else {
      isDone.set(file, false);
      for (const next of imports.get(file) ?? []) visit(next, [...path, file]);
      isDone.set(file, true);
    }
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

describe('the layers of docs/architecture.md', () => {
  test('are read from imports', () => {
    expect(imports.get('lambda/handler.ts')).toContain('lambda/dedup/dynamodb-table.ts');
  });

  test.each(['lambda/framing/', 'lambda/kql/'])('%s imports nothing else of ours', (folder) => {
    expect(importsFrom(folder, (to) => !to.startsWith(folder))).toEqual([]);
  });

  test('lambda/ imports neither infra/ nor cli/, and infra/ does not import cli/', () => {
    expect(importsFrom('lambda/', (to) => !to.startsWith('lambda/'))).toEqual([]);
    expect(importsFrom('infra/', (to) => to.startsWith('cli/'))).toEqual([]);
  });

  test('no rendering imports another', () => {
    const isRendering = (file: string) => /-renderings?\.ts$/.test(file);
    expect(importsFrom('lambda/alerts/renderings/', isRendering)).toEqual([]);
  });

  test('of the alerts, cli/ imports no text', () => {
    const isAllowed = (to: string) => to === 'lambda/alerts/channel.ts';
    expect(importsFrom('cli/', (to) => to.startsWith('lambda/alerts/') && !isAllowed(to))).toEqual([]);
  });
});
