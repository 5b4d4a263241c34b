import type { Plugin } from 'esbuild';
import { packageFile } from '../lambda/rules/package-file.ts';

/** Takes the functions' code from the package instead of bundling it. */
export const prebuilt: Plugin = {
  name: 'prebuilt',
  setup({ onResolve }) {
    onResolve({ filter: /\/bundle\.ts$/ }, () => ({ path: packageFile('infra/prebuilt-bundle.ts') }));
  },
};

/** Takes what writes templates from the construct's file, which contains it, instead of bundling the construct twice. */
export const constructsFile: Plugin = {
  name: 'constructs-file',
  setup({ onResolve }) {
    onResolve({ filter: /\/infra\/write-templates\.ts$/ }, () => ({ path: '../index.cjs', external: true }));
  },
};
