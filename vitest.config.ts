import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** What makes a test slow: a process, a server, a local AWS, the bundle, or a synthesized template. */
const slowModules = [
  'node:child_process',
  'node:http',
  'aws-cdk-lib.*',
  'playwright-core',
  '.*/cli/local/.*',
  '.*/(?:run-command|json-service|servers|fresh-app|bundle|synth|configurations|chaos)\\.ts',
];
const slowImport = new RegExp(`from '(?:${slowModules.join('|')})'`);
const isSlow = (file: string) => slowImport.test(readFileSync(file, 'utf8'));
const files = globSync('test/**/*.test.ts');

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // a new test joins the right project by what it imports; `npm run test:unit` runs the first
    projects: [
      // one module graph for all files: they share nothing that they change
      {
        extends: true,
        test: { name: 'unit', isolate: false, include: files.filter((file) => !isSlow(file)) },
      },
      { extends: true, test: { name: 'integration', include: files.filter(isSlow) } },
    ],
  },
});
