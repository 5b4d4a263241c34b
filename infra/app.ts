import { App, Tags } from 'aws-cdk-lib';
import { ConfigError, readConfig } from './config.ts';
import { CsrWatchStack } from './stack.ts';

const app = new App();
Tags.of(app).add('application', 'csrwatch');
try {
  new CsrWatchStack(app, 'csrwatch', await readConfig((name) => app.node.tryGetContext(name)), {
    description: 'csrwatch: pages somebody when a Kubernetes client certificate is requested or approved',
  });
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
