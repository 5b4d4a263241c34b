import { App } from 'aws-cdk-lib';
import cdk from '../cdk.json' with { type: 'json' };
import type { Config } from './config.ts';
import { CsrWatchStack } from './stack.ts';

/** An app with the feature flags of cdk.json, as `cdk synth` has them, that builds no bundle. */
export function appWithoutBundles(): App {
  return new App({ context: { ...cdk.context, 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
}

/** The CloudFormation template of a configuration. */
export function synthesize(config: Config): {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
} {
  const app = appWithoutBundles();
  const stack = new CsrWatchStack(app, 'csrwatch', config);
  return app.synth().getStackByName(stack.stackName).template;
}
