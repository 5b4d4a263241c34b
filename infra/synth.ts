import { App, type AppProps } from 'aws-cdk-lib';
import cdk from '../cdk.json' with { type: 'json' };
import type { Config } from './config.ts';
import { CsrWatchStack } from './stack.ts';

/** An app with the feature flags of cdk.json, as `cdk synth` has them, that builds no bundle. */
export function appWithoutBundles(props: Pick<AppProps, 'builtinCloudFormationValidation'> = {}): App {
  const context = { ...cdk.context, 'aws:cdk:bundling-stacks': [] };
  return new App({ ...props, context, analyticsReporting: false });
}

/** The CloudFormation template of a configuration, for a local run: it is not validated, which takes seconds. */
export function synthesize(config: Config): {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
} {
  const app = appWithoutBundles({ builtinCloudFormationValidation: false });
  const stack = new CsrWatchStack(app, 'csrwatch', config);
  return app.synth().getStackByName(stack.stackName).template;
}
