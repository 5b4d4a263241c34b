import { App, Tags } from 'aws-cdk-lib';
import { ConfigError, type Deployment, readConfig } from './config.ts';
import { SourceAccountStack } from './source-account-stack.ts';
import { CsrWatchStack } from './stack.ts';
import { descriptions, ownTags } from './stack-labels.ts';

const app = new App();
try {
  addStack(await readConfig(app.node.getAllContext()));
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

/** The construct's id stays the same whatever the stack is called: logical ids don't depend on the name. */
function addStack({ kind, stackName, config }: Deployment): void {
  const tags = { ...config.tags, ...ownTags };
  for (const [key, value] of Object.entries(tags)) Tags.of(app).add(key, value);
  switch (kind) {
    case 'detector':
      new CsrWatchStack(app, 'csrwatch', config, {
        stackName,
        tags,
        description: descriptions.detector,
      });
      return;
    case 'source-account':
      new SourceAccountStack(app, 'csrwatch-source-account', config, {
        stackName,
        tags,
        description: descriptions['source-account'],
      });
  }
}
