import { type App, type Stack, Tags } from 'aws-cdk-lib';
import { Code, type CodeConfig } from 'aws-cdk-lib/aws-lambda';
import type { ConfigInput, SourceAccountConfigInput } from './config.ts';
import { PlainSynthesizer } from './deployed-name.ts';
import type { RuleChoice } from './rules.ts';
import { SourceAccountStack } from './source-account-stack.ts';
import { CsrWatchStack } from './stack.ts';
import { descriptions, ownTags } from './stack-labels.ts';
import { appWithoutBundles } from './synth.ts';
import {
  codeLocation,
  declareParameters,
  detectorByParameters,
  sourceAccountByParameters,
} from './template-parameters.ts';

/** A template that is deployed without the CDK, its bootstrap and Node. */
export interface PlainTemplate {
  readonly template: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

/** The zip file that the parameters name. */
class UploadedCode extends Code {
  override bind(): CodeConfig {
    return { s3Location: codeLocation() };
  }
}

/** Dashboards take tags since 2026, which older checks of templates don't know; nothing looks for the tag of a dashboard. */
const untagged = { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] };

/** The same stack as with the CDK, whose functions run uploaded code. */
class PlainStack extends CsrWatchStack {
  protected override code(): Code {
    return new UploadedCode();
  }
}

/**
 * The detector's template, which has the place of the code as parameters.
 * @param config - what it contains is fixed; without it, one cluster and one address are parameters, too
 * @param stackName - a part of the name of the destination for other accounts' logs, which the CDK gives the stack
 */
export function detectorTemplate(config?: ConfigInput, stackName?: string): PlainTemplate {
  const app = appWithoutBundles();
  const stack = new PlainStack(app, 'csrwatch', config ?? detectorByParameters(), {
    stackName,
    description: descriptions.detector,
    synthesizer: new PlainSynthesizer(),
  });
  declareParameters(stack, 'code');
  if (config === undefined) declareParameters(stack, 'detector');
  return synthesized(app, stack, config?.tags);
}

/**
 * The source account's template.
 * @param config - of which nothing is a parameter; or the rules of the central account, and the rest are parameters
 */
export function sourceAccountTemplate(
  config: SourceAccountConfigInput | Omit<RuleChoice, 'exceptions'>,
): PlainTemplate {
  const app = appWithoutBundles();
  const given = 'destinationArn' in config;
  const stack = new SourceAccountStack(
    app,
    'csrwatch-source-account',
    given ? config : { ...sourceAccountByParameters(), ...config },
    { description: descriptions['source-account'], synthesizer: new PlainSynthesizer() },
  );
  if (!given) declareParameters(stack, 'source-account');
  return synthesized(app, stack, given ? config.tags : {});
}

function synthesized(app: App, stack: Stack, tags: ConfigInput['tags'] = {}): PlainTemplate {
  for (const [key, value] of Object.entries({ ...tags, ...ownTags })) Tags.of(app).add(key, value, untagged);
  const { template, messages } = app.synth().getStackByName(stack.stackName);
  return {
    template,
    warnings: messages.flatMap(({ level, entry }) => (level === 'warning' ? String(entry.data) : [])),
  };
}
