import type { Plugin } from 'esbuild';
import { packageFile } from '../lambda/rules/package-file.ts';

/** Takes the functions' code from the package instead of bundling it. */
export const prebuilt: Plugin = {
  name: 'prebuilt',
  setup({ onResolve }) {
    onResolve({ filter: /\/bundle\.ts$/ }, () => ({ path: packageFile('infra/prebuilt-bundle.ts') }));
  },
};
