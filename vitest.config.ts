import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** A file that measures has a worker of its own, where nothing is left of other files. */
const isMeasurement = /linear-time/;

/** What any other test file imports decides its project: the first that fits, or `unit`. */
const importsOf: readonly (readonly [project: string, modules: readonly string[]])[] = [
  // processes, servers, a browser, compilers: each file in a worker of its own
  [
    'integration',
    [
      'node:child_process',
      'node:http',
      'playwright-core',
      '.*/(?:run-command|json-service|fresh-app|chaos|run-in-bundle|generated-pages|build-wasm)\\.ts',
    ],
  ],
  // the bundle, a local AWS
  ['bundle', ['.*/cli/local/.*', '.*/(?:servers|bundle|local-stack|local-tables|scripted-dynamodb)\\.ts']],
  // synthesized templates
  ['infra', ['aws-cdk-lib.*', '.*/(?:synth|configurations)\\.ts']],
];

const projects = globSync('test/**/*.test.ts').map((file) => {
  const text = readFileSync(file, 'utf8');
  if (isMeasurement.test(file)) return { file, project: 'integration' };
  const [project = 'unit'] =
    importsOf.find(([, modules]) => new RegExp(`from '(?:${modules.join('|')})'`).test(text)) ?? [];
  return { file, project };
});
export const filesOf = (name: string) =>
  projects.flatMap(({ file, project }) => (project === name ? file : []));

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // vitest itself would leave one of two cores idle
    maxWorkers: '100%',
    // test/infra/validation.test.ts has the CDK validate templates; elsewhere it need not: it takes longer than synthesis
    env: { CDK_VALIDATION: 'false' },
    // `npm run test:unit` runs the first. All but the last have one module graph for all files of a worker: the files share
    // nothing that they change, and the CDK, the bundle and the templates are loaded and built once
    projects: [
      { extends: true, test: { name: 'unit', isolate: false, include: filesOf('unit') } },
      { extends: true, test: { name: 'infra', isolate: false, include: filesOf('infra') } },
      { extends: true, test: { name: 'bundle', isolate: false, include: filesOf('bundle') } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: filesOf('integration'),
          globalSetup: 'test/packaged-command.ts',
        },
      },
    ],
  },
});
