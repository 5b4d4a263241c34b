import { App } from 'aws-cdk-lib';
import type { Config } from './config.ts';
import { CsrWatchStack } from './stack.ts';

/** The CloudFormation template of a configuration, without its bundle. */
export function synthesize(config: Config): {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
} {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
  const stack = new CsrWatchStack(app, 'csrwatch', config);
  return app.synth().getStackByName(stack.stackName).template;
}
