import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/**
 * Lets esbuild leave out the schemas of the AWS SDK that no command needs: 100 kB. They contain computed keys, `{ [_h]: 1 }`
 * with `const _h = "http"`, of which esbuild cannot know that they have no effect; `{ "http": 1 }` has none.
 */
export const pureSchemas: Plugin = {
  name: 'pure-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /\/@aws-sdk\/.*\/schemas_0\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const names = new Map(
        [...text.matchAll(/^const (\w+) = ("[^"\n]*");$/gm)].map(([, name, key]) => [name, key]),
      );
      return {
        contents: text.replace(/\[(\w+)\]:/g, (all, name) => (names.has(name) ? `${names.get(name)}:` : all)),
      };
    });
  },
};
