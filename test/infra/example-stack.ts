import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { PlatformStack } from '../../examples/cdk-app/platform-stack.ts';
import { appWithoutBundles } from '../../infra/synth.ts';

/** The example of a CDK app that is not csrwatch's own. */
export function exampleStack() {
  const app = appWithoutBundles();
  const theirs = new Stack(app, 'Theirs');
  const isolate = new LambdaFunction(theirs, 'Isolate', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {}'),
  });
  return { theirs, template: Template.fromStack(new PlatformStack(app, 'Platform', isolate)) };
}
