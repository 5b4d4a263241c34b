import type { Template } from 'aws-cdk-lib/assertions';

/** One line of docs/security.md without its reason. */
export interface Permission {
  readonly who: string;
  readonly may: string;
  readonly on: string;
}

type Json = Readonly<Record<string, unknown>>;

/** What each role, service and resource policy of a template allows and denies, with logical ids made readable. */
export function permissionsOf(template: Template): Permission[] {
  const resources: Record<string, { Type: string; Properties?: Json }> = template.toJSON()['Resources'];
  return Object.entries(resources).flatMap(([id, { Type, Properties = {} }]) => {
    switch (Type) {
      case 'AWS::IAM::Policy':
        return statements(Properties['PolicyDocument'], readable(Properties['Roles']));
      case 'AWS::IAM::Role':
        return list(Properties['ManagedPolicyArns']).map((arn) => ({
          who: readable(id),
          may: readable(arn),
          on: 'its log',
        }));
      case 'AWS::KMS::Key':
        return statements(Properties['KeyPolicy'], undefined, readable(id));
      case 'AWS::DynamoDB::Table':
        return statements(Object(Properties['ResourcePolicy'])['PolicyDocument'], undefined, readable(id));
      case 'AWS::SNS::TopicPolicy':
      case 'AWS::SQS::QueuePolicy':
      case 'AWS::S3::BucketPolicy':
        return statements(Properties['PolicyDocument']);
      case 'AWS::Logs::Destination':
        return [{ who: 'other accounts', may: '`logs:PutSubscriptionFilter`', on: readable(id) }];
      case 'AWS::Lambda::Permission':
        return [
          {
            who: `${Properties['Principal']}`,
            may: `\`${Properties['Action']}\``,
            on: readable(Properties['FunctionName']),
          },
        ];
      default:
        return [];
    }
  });
}

function statements(document: unknown, role?: string, self?: string): Permission[] {
  return list(Object(document)['Statement']).flatMap((statement) => {
    const { Effect, Action, Resource, Principal, Condition } = Object(statement);
    const denied = Effect === 'Deny';
    const actions = list(Action)
      .map((action) => `\`${action}\``)
      .sort();
    const callers =
      role !== undefined
        ? [role]
        : denied
          ? [`anyone, unless ${conditions(Condition)}`]
          : principals(Principal, Condition);
    return callers.flatMap((who) =>
      list(Resource).map((resource) => ({
        who,
        may: `${denied ? 'not ' : ''}${actions.join(', ')}`,
        on: self !== undefined && resource === '*' ? self : readable(resource),
      })),
    );
  });
}

function principals(principal: unknown, condition: unknown): string[] {
  if (JSON.stringify(condition ?? null).includes('aws:PrincipalOrgID'))
    return ['forwarders of source accounts'];
  const named = Object.values<unknown>(Object(principal)).flatMap(list).map(readable);
  return [...new Set(named)];
}

function conditions(condition: unknown): string {
  return Object.values<unknown>(Object(condition))
    .flatMap((part) => Object.keys(Object(part)))
    .map((key) => `\`${key}\``)
    .join(', ');
}

function list(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** What differs from one configuration to the next, by what it is. */
const kinds: readonly [RegExp, string][] = [
  [/^(222233334444|333344445555)$/, 'forwarders of source accounts'],
  [/^arn:AWS::Partition:kms:AWS::Region:111122223333:key\/\*$/, 'keys of the central account'],
  [/^NotificationsRole\w+$/, "CDK's notifications handler"],
  [/^CsrWatchChannels(?!Key|Undelivered|OperationsTopic)\w+$/, 'channel topics'],
  [/^arn:aws:sns:.*:111122223333:.*$/, 'given topics'],
  [/^arn:aws:kms:.*:111122223333:.*$/, 'given keys'],
  [/^arn:AWS::Partition:s3:::my-[\w-]+/, 'given buckets'],
  [/^given buckets\/audit\//, 'given buckets/'],
  [/^arn:.*:log-group:.*:\*$/, 'streams of its log groups'],
  [/^arn:AWS::Partition:iam::AWS::AccountId:root$/, 'the account, through IAM'],
  [/^arn:AWS::Partition:iam::aws:policy\/service-role\//, ''],
];

/** Logical ids without hash and `CsrWatch`, references without brackets. */
function readable(value: unknown): string {
  if (Array.isArray(value)) return value.map(readable).join(', ');
  if (typeof value === 'string') {
    const named = kinds.reduce((text, [pattern, name]) => text.replace(pattern, name), value);
    return named.replace(/^CsrWatch/, '').replace(/[0-9A-F]{8}$/, '');
  }
  const [[name, argument] = []] = Object.entries<unknown>(Object(value));
  if (name === 'Fn::GetAtt' && Array.isArray(argument)) return readable(argument[0]);
  if (name === 'Fn::Join' && Array.isArray(argument))
    return readable(list(argument[1]).map(readable).join(''));
  return readable(argument);
}
