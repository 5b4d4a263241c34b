import { createHash } from 'node:crypto';

/** A CloudFormation template with plain values in place of intrinsic functions. */
export interface ResolvedTemplate {
  readonly Resources: Readonly<Record<string, ResolvedResource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

export interface ResolvedResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn: readonly string[];
  readonly physicalName: string;
}

/** A partition and its longest region name. */
export const partitions = {
  aws: { region: 'ap-southeast-1', suffix: 'amazonaws.com' },
  'aws-cn': { region: 'cn-northwest-1', suffix: 'amazonaws.com.cn' },
  'aws-us-gov': { region: 'us-gov-east-1', suffix: 'amazonaws.com' },
} as const;
export type Partition = keyof typeof partitions;

const account = '111122223333';
/** CloudFormation takes 128 characters; people choose shorter names. */
const usualStackName = 'csrwatch'.padEnd(64, '-production');
const uuid = '1234abcd-12ab-34cd-56ef-1234567890ab';

/** How long a physical name may be; CloudFormation shortens the one that it makes. 255 for all others. */
const longestNames: Readonly<Record<string, number>> = {
  'AWS::Events::Rule': 64,
  'AWS::IAM::Role': 64,
  'AWS::Kinesis::Stream': 128,
  'AWS::Lambda::Function': 64,
  'AWS::S3::Bucket': 63,
  'AWS::SNS::Topic': 256,
  'AWS::SQS::Queue': 80,
  'AWS::StepFunctions::StateMachine': 80,
};

/** What comes before the name in an ARN, after the partition; R and A are region and account. */
const arns: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Alarm': 'cloudwatch:R:A:alarm:',
  'AWS::DynamoDB::Table': 'dynamodb:R:A:table/',
  'AWS::Events::Rule': 'events:R:A:rule/',
  'AWS::IAM::Role': 'iam::A:role/',
  'AWS::KMS::Key': 'kms:R:A:key/',
  'AWS::Kinesis::Stream': 'kinesis:R:A:stream/',
  'AWS::Lambda::Function': 'lambda:R:A:function:',
  'AWS::Logs::Destination': 'logs:R:A:destination:',
  'AWS::Logs::LogGroup': 'logs:R:A:log-group:',
  'AWS::S3::Bucket': 's3:::',
  'AWS::SNS::Topic': 'sns:R:A:',
  'AWS::SQS::Queue': 'sqs:R:A:',
  'AWS::StepFunctions::StateMachine': 'states:R:A:stateMachine:',
};

/** Types whose `Ref` is the ARN. */
const referencedByArn = ['AWS::SNS::Topic', 'AWS::StepFunctions::StateMachine'];

/**
 * Resolves intrinsic functions with the longest names that CloudFormation would make.
 * @param parameters - values of the template's parameters and of pseudo parameters such as `AWS::StackName`
 */
export function resolveTemplate(
  template: Readonly<Record<string, unknown>>,
  partition: Partition,
  parameters: Readonly<Record<string, string>> = {},
): ResolvedTemplate {
  const { region, suffix } = partitions[partition];
  const resources: Record<string, unknown> = Object(template['Resources']);
  const { 'AWS::StackName': stackName = usualStackName } = parameters;

  const typeOf = (id: string) => String(Object(resources[id]).Type);
  const nameOf = (id: string): string => {
    const type = typeOf(id);
    if (type === 'AWS::KMS::Key' || type === 'AWS::Lambda::EventSourceMapping') return uuid;
    const longest = longestNames[type] ?? 255;
    const suffix = createHash('sha256').update(id).digest('hex').slice(0, 12);
    const whole = `${stackName}-${id}-${suffix}`;
    return whole.length <= longest
      ? whole
      : `${stackName.slice(0, 24)}-${id.slice(0, longest - 38)}-${suffix}`;
  };
  const arnOf = (id: string): string => {
    const start = arns[typeOf(id)];
    if (start === undefined) throw new Error(`no ARN is known for ${typeOf(id)}`);
    return `arn:${partition}:${start.replace(':R:', `:${region}:`).replace(':A:', `:${account}:`)}${nameOf(id)}`;
  };
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': account,
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::StackId': `arn:${partition}:cloudformation:${region}:${account}:stack/${stackName}/${uuid}`,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': suffix,
  };
  const referenced = (id: string): string => {
    const value = parameters[id] ?? pseudo[id];
    if (value !== undefined) return value;
    if (resources[id] === undefined) return 'parameter';
    if (referencedByArn.includes(typeOf(id))) return arnOf(id);
    if (typeOf(id) === 'AWS::SQS::Queue') return `https://sqs.${region}.${suffix}/${account}/${nameOf(id)}`;
    return nameOf(id);
  };
  const attribute = (id: string, name: string): string => {
    if (/arn$/i.test(name)) return arnOf(id);
    return nameOf(id);
  };

  const functions: Readonly<Record<string, (argument: unknown) => unknown>> = {
    Ref: (id) => referenced(String(id)),
    'Fn::GetAtt': (argument) => {
      const [id, name] = list(argument).map(String);
      return attribute(id ?? '', name ?? '');
    },
    'Fn::Join': (argument) => {
      const [separator, parts] = list(argument);
      return list(resolve(parts)).join(String(separator));
    },
    'Fn::Split': (argument) => {
      const [separator, text] = list(argument);
      return String(resolve(text)).split(String(separator));
    },
    'Fn::Select': (argument) => {
      const [index, values] = list(argument);
      return list(resolve(values))[Number(index)] ?? 'x'.repeat(64);
    },
    'Fn::Sub': (text) => String(text).replace(/\$\{([^}]+)\}/g, (_, name: string) => referenced(name)),
  };
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [[name, argument] = ['', undefined]] = entries;
    const resolver = entries.length === 1 ? functions[name] : undefined;
    if (resolver) return resolver(argument);
    if (entries.length === 1 && name.startsWith('Fn::')) throw new Error(`${name} is not resolved here`);
    return Object.fromEntries(entries.map(([key, item]) => [key, resolve(item)]));
  };

  return {
    Resources: Object.fromEntries(
      Object.entries(resources).map(([id, resource]) => {
        const { Type, Properties = {}, DependsOn = [] } = Object(resource);
        return [
          id,
          {
            Type,
            Properties: Object(resolve(Properties)),
            DependsOn: list(DependsOn).map(String),
            physicalName: nameOf(id),
          },
        ];
      }),
    ),
    Outputs: Object(resolve(template['Outputs'] ?? {})),
  };
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
