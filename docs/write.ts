import { readFileSync, writeFileSync } from 'node:fs';
import { generatedPages } from './generated-pages.ts';

for (const [path, written] of Object.entries(generatedPages)) {
  const file = new URL(`../${path}`, import.meta.url);
  writeFileSync(file, await written(readFileSync(file, 'utf8')));
}
