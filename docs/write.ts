import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { generatedPages } from './generated-pages.ts';

for (const [path, written] of Object.entries(generatedPages)) {
  const file = new URL(`../${path}`, import.meta.url);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, await written(existsSync(file) ? readFileSync(file, 'utf8') : ''));
}
