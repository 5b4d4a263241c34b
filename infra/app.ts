import { App, Tags } from 'aws-cdk-lib';
import { ConfigError, type Deployment, readConfig } from './config.ts';
import { SourceAccountStack } from './source-account-stack.ts';
import { CsrWatchStack } from './stack.ts';

const app = new App();
Tags.of(app).add('application', 'csrwatch');
try {
  deploy(await readConfig(app.node.getAllContext()));
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

function deploy({ kind, config }: Deployment): void {
  switch (kind) {
    case 'detector':
      new CsrWatchStack(app, 'csrwatch', config, {
        description: 'csrwatch: pages somebody when a Kubernetes client certificate is requested or approved',
      });
      return;
    case 'source-account':
      new SourceAccountStack(app, 'csrwatch-source-account', config, {
        description: 'csrwatch: sends audit logs to the account that watches them',
      });
  }
}
