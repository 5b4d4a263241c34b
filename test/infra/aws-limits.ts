import type { ResolvedResource, ResolvedTemplate } from './resolve-template.ts';

/** A value of a template and the most that AWS accepts. */
export interface Measurement {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
}

type Measure = (resource: ResolvedResource, template: ResolvedTemplate) => Measurement[];

/** CloudFormation finds each of these out only while it deploys. By type of resource. */
const measures: Readonly<Record<string, Measure>> = {
  'AWS::SQS::QueuePolicy': ({ Properties }) =>
    policy(Properties['PolicyDocument'], 'queue policy', 8_192, 20),
  'AWS::SNS::TopicPolicy': ({ Properties }) =>
    policy(Properties['PolicyDocument'], 'topic policy', 30_720, 100),
  'AWS::KMS::Key': ({ Properties }) => policy(Properties['KeyPolicy'], 'key policy', 32_768),
  'AWS::S3::BucketPolicy': ({ Properties }) => policy(Properties['PolicyDocument'], 'bucket policy', 20_480),
  'AWS::DynamoDB::Table': ({ Properties }) =>
    policy(Object(Properties['ResourcePolicy'])['PolicyDocument'], 'table policy', 20_480),
  'AWS::IAM::ManagedPolicy': ({ Properties }) =>
    policy(Properties['PolicyDocument'], 'managed policy', 6_144),
  'AWS::IAM::Role': (role, template) => {
    const attached = resourcesOf(template, 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy').filter(
      ({ Properties }) => list(Properties['Roles']).includes(role.physicalName),
    );
    const inline = attached.filter(({ Type }) => Type === 'AWS::IAM::Policy');
    const managed = attached.length - inline.length + list(role.Properties['ManagedPolicyArns']).length;
    const characters = inline.reduce((sum, { Properties }) => sum + bytes(Properties['PolicyDocument']), 0);
    return [
      { what: 'inline policies of the role, characters', value: characters, limit: 10_240 },
      { what: 'managed policies of the role', value: managed, limit: 10 },
    ];
  },
  'AWS::Lambda::Function': (lambda, template) => {
    const permissions = resourcesOf(template, 'AWS::Lambda::Permission').filter(({ Properties }) =>
      String(Properties['FunctionName']).endsWith(lambda.physicalName),
    );
    const variables = Object.entries(Object(Object(lambda.Properties['Environment'])['Variables']));
    return [
      // each becomes a statement with an id and the ARN of the function
      {
        what: 'resource policy of the function, bytes',
        value: bytes(permissions) + 300 * permissions.length,
        limit: 20_480,
      },
      {
        what: 'environment of the function, bytes',
        value: variables.reduce((sum, [key, value]) => sum + Buffer.byteLength(`${key}${value}`), 0),
        limit: 4_096,
      },
    ];
  },
  'AWS::Logs::Destination': ({ Properties }) => [
    { what: 'destination policy, bytes', value: textBytes(Properties['DestinationPolicy']), limit: 5_120 },
  ],
  'AWS::Events::Rule': ({ Properties }) => {
    const targets = list(Properties['Targets']).map(Object);
    return [
      { what: 'event pattern, characters', value: bytes(Properties['EventPattern'] ?? ''), limit: 2_048 },
      { what: 'rule description, characters', value: length(Properties['Description']), limit: 512 },
      { what: 'targets of the rule', value: targets.length, limit: 5 },
      ...targets.flatMap(({ Input, InputTransformer }) => [
        { what: 'input of the target, characters', value: length(Input), limit: 8_192 },
        {
          what: 'input template of the target, characters',
          value: length(Object(InputTransformer).InputTemplate),
          limit: 8_192,
        },
        {
          what: 'input paths of the target',
          value: Object.keys(Object(Object(InputTransformer).InputPathsMap)).length,
          limit: 100,
        },
      ]),
    ];
  },
  'AWS::CloudWatch::Alarm': ({ Properties }) => {
    const metrics = list(Properties['Metrics']).map(Object);
    return [
      { what: 'alarm description, characters', value: length(Properties['AlarmDescription']), limit: 1_024 },
      { what: 'metric name, characters', value: length(Properties['MetricName']), limit: 255 },
      {
        what: 'metrics of the alarm',
        value: metrics.filter(({ MetricStat }) => MetricStat).length,
        limit: 10,
      },
      ...metrics.flatMap(({ Expression, MetricStat }) => [
        { what: 'expression of the alarm, characters', value: length(Expression), limit: 2_048 },
        { what: 'metric name, characters', value: length(Object(MetricStat?.Metric).MetricName), limit: 255 },
        {
          what: 'queries of several time series without ORDER BY',
          value: /GROUP BY/.test(Expression) && !/ORDER BY/.test(Expression) ? 1 : 0,
          limit: 0,
        },
      ]),
    ];
  },
  'AWS::CloudWatch::Dashboard': ({ Properties }) => {
    const body = String(Properties['DashboardBody']);
    const widgets = list(JSON.parse(body).widgets).map(Object);
    return [
      { what: 'dashboard, bytes', value: Buffer.byteLength(body), limit: 1_048_576 },
      { what: 'widgets', value: widgets.length, limit: 500 },
      ...widgets.flatMap(({ properties: { alarms, metrics } }) => [
        { what: 'alarms of an alarm widget', value: list(alarms).length, limit: 100 },
        { what: 'metrics of a graph', value: list(metrics).length, limit: 500 },
      ]),
    ];
  },
  'AWS::Logs::MetricFilter': ({ Properties }) => [
    { what: 'metric filter name, characters', value: length(Properties['FilterName']), limit: 512 },
    { what: 'filter pattern, characters', value: length(Properties['FilterPattern']), limit: 1_024 },
    ...list(Properties['MetricTransformations']).map((transformation) => ({
      what: 'metric name, characters',
      value: length(Object(transformation).MetricName),
      limit: 255,
    })),
  ],
  'AWS::Logs::SubscriptionFilter': ({ Properties }) => [
    { what: 'filter pattern, characters', value: length(Properties['FilterPattern']), limit: 1_024 },
  ],
};

/** Everything that AWS limits, with the logical id of the resource. */
export function measurements(template: ResolvedTemplate): Measurement[] {
  return [
    ...Object.entries(template.Resources).flatMap(([id, resource]) =>
      (measures[resource.Type]?.(resource, template) ?? []).map((one) => ({
        ...one,
        what: `${id}: ${one.what}`,
      })),
    ),
    { what: 'resources of the stack', value: Object.keys(template.Resources).length, limit: 500 },
    { what: 'outputs of the stack', value: Object.keys(template.Outputs).length, limit: 200 },
    ...Object.entries(template.Outputs).map(([id, { Value }]) => ({
      what: `${id}: output, bytes`,
      value: textBytes(Value),
      limit: 4_096,
    })),
    // about 70 filters created in parallel fail: https://github.com/aws/aws-cdk/issues/34679
    ...['AWS::Logs::SubscriptionFilter', 'AWS::Logs::MetricFilter'].map((type) => ({
      what: `resources of the type ${type} that wait for no other`,
      value: independent(template, type),
      limit: 10,
    })),
  ];
}

/** Of one type, those that CloudFormation may create at once. */
function independent(template: ResolvedTemplate, type: string): number {
  return resourcesOf(template, type).filter(
    ({ DependsOn }) => !DependsOn.some((id) => template.Resources[id]?.Type === type),
  ).length;
}

function policy(document: unknown, what: string, maxBytes: number, maxStatements?: number): Measurement[] {
  if (document === undefined) return [];
  return [
    { what: `${what}, bytes`, value: bytes(document), limit: maxBytes },
    ...(maxStatements === undefined
      ? []
      : [
          {
            what: `statements of the ${what}`,
            value: list(Object(document).Statement).length,
            limit: maxStatements,
          },
        ]),
  ];
}

function resourcesOf({ Resources }: ResolvedTemplate, ...types: string[]): ResolvedResource[] {
  return Object.values(Resources).filter(({ Type }) => types.includes(Type));
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function textBytes(value: unknown): number {
  return Buffer.byteLength(String(value));
}

function length(value: unknown): number {
  return value === undefined ? 0 : String(value).length;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
