import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import type { Config } from './config.ts';
import { CsrWatchStack } from './stack.ts';

/** An app with the feature flags of cdk.json, as `cdk synth` has them, that builds no bundle. */
export function appWithoutBundles(): App {
  const { context } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
  return new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
}

/** The CloudFormation template of a configuration. */
export function synthesize(config: Config): {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
} {
  const app = appWithoutBundles();
  const stack = new CsrWatchStack(app, 'csrwatch', config);
  return app.synth().getStackByName(stack.stackName).template;
}
