import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/**
 * Lets esbuild drop the schemas of the AWS SDK that no command needs: 100 kB. They contain computed keys, `{ [_h]: 1 }`
 * with `const _h = "http"`, of which esbuild cannot know that they have no effect; `{ "http": 1 }` has none.
 */
export const pureSchemas: Plugin = {
  name: 'pure-schemas',
  setup({ onLoad }) {
    onLoad({ filter: schemaFiles }, ({ path }) => ({
      contents: withConstantKeys(readFileSync(path, 'utf8')),
    }));
  },
};

/**
 * Drops the classes of the SDK's errors too: 60 kB. The SDK then makes an error of its base class with the same name and
 * message. Only for the command line, which shows errors; the functions distinguish their classes.
 */
export const namedErrors: Plugin = {
  name: 'named-errors',
  setup({ onLoad }) {
    onLoad({ filter: clientSchemaFiles }, ({ path }) => ({
      contents: withConstantKeys(readFileSync(path, 'utf8')).replace(
        /^n0_registry\.registerError\(.*\);$/gm,
        '',
      ),
    }));
  },
};

/** Of its package.json an SDK client reads only the version. */
export const onlyVersions: Plugin = {
  name: 'only-versions',
  setup({ onLoad }) {
    onLoad({ filter: /\/@aws-sdk\/[\w-]+\/package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

const schemaFiles = /\/@aws-sdk\/.*\/schemas_0\.js$/;
const clientSchemaFiles = /\/@aws-sdk\/client-[\w-]+\/.*\/schemas_0\.js$/;

function withConstantKeys(text: string): string {
  const names = new Map(
    [...text.matchAll(/^const (\w+) = ("[^"\n]*");$/gm)].map(([, name, key]) => [name, key]),
  );
  return text.replace(/\[(\w+)\]:/g, (all, name) => (names.has(name) ? `${names.get(name)}:` : all));
}
