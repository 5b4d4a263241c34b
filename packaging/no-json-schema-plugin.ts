import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/**
 * Drops what makes JSON schemas of zod's schemas: 18 kB. Only the docs use it. Its functions are called only when a schema
 * is written, or a limit of a schema is read.
 */
export const noJsonSchema: Plugin = {
  name: 'no-json-schema',
  setup({ onLoad }) {
    onLoad({ filter: /\/zod\/v4\/core\/(?:json-schema-processors|to-json-schema)\.js$/ }, ({ path }) => {
      const names = readFileSync(path, 'utf8').matchAll(/^export (?:const|function) (\w+)/gm);
      return { contents: [...names].map(([, name]) => `export const ${name} = undefined;`).join('\n') };
    });
  },
};
