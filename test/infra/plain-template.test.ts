import { Stack } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { namePrefix, PlainSynthesizer } from '../../infra/deployed-name.ts';
import { detectorTemplate, sourceAccountTemplate } from '../../infra/plain-template.ts';
import { appWithoutBundles } from '../../infra/synth.ts';
import { configurations, quickStart, templateOf } from './configurations.ts';
import { type ResolvedTemplate, resolveTemplate } from './resolve-template.ts';
import { statefulIds } from './stateful-ids.ts';

const detector = detectorTemplate().template;
const source = sourceAccountTemplate({}).template;
const texts = { detector: JSON.stringify(detector), 'source account': JSON.stringify(source) };

const parametersOf = (template: Readonly<Record<string, unknown>>) =>
  Object.keys(Object(template['Parameters']));

describe.each(Object.entries(texts))('the plain template of the %s', (_, text) => {
  test('refers to no bootstrap and to no asset of the CDK', () => {
    const { Rules, Conditions, Mappings } = JSON.parse(text);
    expect({ Rules, Conditions, Mappings }).toEqual({});
    expect(text).not.toMatch(/BootstrapVersion|cdk-[a-z0-9]{9}-|aws:asset|aws:cdk|AssetParameters/);
  });

  test('needs no named IAM resource, so CAPABILITY_IAM is enough', () => {
    expect(text).not.toMatch(/"(?:RoleName|ManagedPolicyName|UserName|GroupName|InstanceProfileName)"/);
  });

  test('uses each of its parameters and describes it', () => {
    for (const [name, parameter] of Object.entries<{ Description?: string }>(JSON.parse(text).Parameters)) {
      expect(text).toContain(`{"Ref":"${name}"}`);
      expect(parameter.Description).toBeTruthy();
    }
  });

  test('has tags that list what is left after its removal', () => {
    const queues = Object.values<{ Type: string; Properties: object }>(JSON.parse(text).Resources).filter(
      ({ Type }) => Type === 'AWS::SQS::Queue',
    );
    for (const { Properties } of queues) {
      expect(Properties).toMatchObject({
        Tags: expect.arrayContaining([{ Key: 'application', Value: 'csrwatch' }]),
      });
    }
  });
});

test('the parameters are those of one cluster', () => {
  expect(parametersOf(detector)).toEqual(['CodeBucket', 'CodeKey', 'ClusterName', 'Email']);
  expect(parametersOf(source)).toEqual(['ClusterName', 'DestinationArn', 'OperationsTopicArn']);
});

test('every function of csrwatch runs the code that the parameters name', () => {
  const resources = Object.values<{ Type: string; Properties: { Code: object; Runtime: string } }>(
    Object(detectorTemplate(configurations['everything on']).template['Resources']),
  );
  const own = resources.filter(
    ({ Type, Properties }) => /Lambda::Function/.test(Type) && /^node/.test(Properties.Runtime),
  );
  expect(own.length).toBeGreaterThan(2);
  for (const { Properties } of own) {
    expect(Properties.Code).toEqual({ S3Bucket: { Ref: 'CodeBucket' }, S3Key: { Ref: 'CodeKey' } });
  }
});

/**
 * What each resource has, without logical ids: those of what depends on a log group or an address contain its name. The
 * tamper rules of log groups are not compared: a long name makes two rules of one.
 */
function contents(template: Readonly<Record<string, unknown>>, parameters: Record<string, string>): string[] {
  const { Resources }: ResolvedTemplate = resolveTemplate(template, 'aws', parameters);
  return Object.values(Resources)
    .filter(({ Type }) => Type !== 'AWS::CloudWatch::Dashboard')
    .map(({ Type, Properties }) => `${Type} ${JSON.stringify(Properties)}`)
    .filter((content) => !content.includes('"source":["aws.logs"]'))
    .sort();
}

test('with the parameters prod and an address it is the template of this cluster and address', () => {
  const fixed = detectorTemplate(quickStart).template;
  const parameters = { CodeBucket: 'code', CodeKey: 'csrwatch.zip' };
  expect(parametersOf(fixed)).toEqual(Object.keys(parameters));
  expect(contents(detector, { ...parameters, ClusterName: 'prod', Email: 'oncall@example.com' })).toEqual(
    contents(fixed, parameters),
  );
});

test('calls on the log group of the cluster raise tamper alerts', () => {
  const { Resources } = resolveTemplate(detector, 'aws', { ClusterName: 'prod' });
  const rules = Object.values(Resources).map(({ Properties }) =>
    JSON.stringify(Properties['EventPattern'] ?? ''),
  );
  expect(
    rules.filter((rule) => /"aws.logs".*DeleteSubscriptionFilter.*"\/aws\/eks\/prod\/cluster"/.test(rule)),
  ).toHaveLength(1);
  expect(rules.filter((rule) => /"aws.eks".*DeleteCluster.*"prod"/.test(rule))).toHaveLength(1);
});

test('a source account with parameters is that of these values', () => {
  const parameters = {
    DestinationArn: 'arn:aws:logs:eu-central-1:111122223333:destination:csrwatch',
    OperationsTopicArn: 'arn:aws:sns:eu-central-1:111122223333:csrwatch-operations',
  };
  const fixed = sourceAccountTemplate({
    destinationArn: parameters.DestinationArn,
    operationsTopicArn: parameters.OperationsTopicArn,
    logGroups: [{ name: '/aws/eks/prod/cluster' }],
    organization: true,
  }).template;
  expect(parametersOf(fixed)).toEqual([]);
  expect(contents(source, { ...parameters, ClusterName: 'prod' })).toEqual(contents(fixed, {}));
});

test.each([
  ['one cluster', detector, quickStart],
  [
    'everything on',
    detectorTemplate(configurations['everything on']).template,
    configurations['everything on'],
  ],
])('what holds state has the logical ids of the stack of the CDK: %s', (_, plain, config) => {
  expect(statefulIds(plain)).toEqual(statefulIds(templateOf(config).toJSON()));
});

describe('the name of the stack is not in the template', () => {
  test.each([
    ['csrwatch', 'csrwatch-'],
    ['csrwatch-prod', 'csrwatch-prod'],
    ['csrwatch-prod-eu', 'csrwatch-prod'],
    ['StackSet-csrwatch-1234abcd-12ab-34cd-56ef-1234567890ab', 'StackSet-csrwatch'],
  ])('resources of the stack %s have names that begin with %s', (stackName, prefix) => {
    const stack = new Stack(appWithoutBundles(), 'any', { synthesizer: new PlainSynthesizer() });
    const template = { Outputs: { Prefix: { Value: stack.resolve(namePrefix(stack)) } } };
    const { Outputs } = resolveTemplate(template, 'aws', { 'AWS::StackName': stackName });
    expect(Outputs['Prefix']?.Value).toBe(prefix);
    // CloudFormation keeps 24 characters of the stack's name if a physical name has 64
    expect(`${stackName.slice(0, 24)}-LogicalId-1A2B3C`.startsWith(prefix)).toBe(true);
  });

  test.each(Object.entries({ detector, 'source account': source }))(
    'the %s protects resources by the name that it gets, and gives filters that name',
    (_, template) => {
      const { Resources } = resolveTemplate(template, 'aws', { 'AWS::StackName': 'audit-watch' });
      const of = (type: string) =>
        Object.values(Resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));
      const patterns = of('AWS::Events::Rule').map(({ EventPattern = '' }) => JSON.stringify(EventPattern));
      expect(patterns.filter((pattern) => pattern.includes('"audit-watch"')).length).toBeGreaterThan(3);
      expect(patterns.filter((pattern) => /"csrwatch/.test(pattern))).toEqual([]);
      expect(of('AWS::Logs::SubscriptionFilter').map(({ FilterName }) => FilterName)).toEqual([
        'csrwatch-audit-watch',
      ]);
      const alarms = JSON.stringify(of('AWS::CloudWatch::Alarm'));
      expect(alarms).toContain("FilterName = 'csrwatch-audit-watch'");
    },
  );
});
