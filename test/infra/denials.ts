import type { Template } from 'aws-cdk-lib/assertions';
import { withNames } from './event-pattern.ts';

/** A call as a resource policy sees it. References are names, as `withNames` writes them. */
export interface PolicyRequest {
  readonly action: string;
  /** The logical id of a queue or a table. */
  readonly resource: string;
  readonly principalArn: string;
  /** @default false */
  readonly awsService?: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Whether a resource policy of the template denies the call, made over TLS. Allow statements are not evaluated: callers have
 * their permissions from IAM.
 * @throws Error if a condition is not implemented here
 */
export function isDenied(template: Template, request: PolicyRequest): boolean {
  return policiesOf(template, request.resource).some(({ Effect, Action, Condition }) => {
    if (Effect !== 'Deny' || ![Action].flat().some((pattern) => covers(`${pattern}`, request.action)))
      return false;
    return Object.entries(Object(Condition)).every(([operator, keys]) =>
      Object.entries(Object(keys)).every(([key, values]) =>
        holds(operator, [values].flat(), contextOf(key, request)),
      ),
    );
  });
}

function policiesOf(template: Template, id: string): Json[] {
  const { Type, Properties } = template.toJSON()['Resources'][id];
  if (Type === 'AWS::DynamoDB::Table') return statementsOf(Properties['ResourcePolicy']);
  return Object.values(template.findResources('AWS::SQS::QueuePolicy'))
    .filter(({ Properties: policy }) => JSON.stringify(policy['Queues']).includes(`"${id}"`))
    .flatMap(({ Properties: policy }) => statementsOf(policy));
}

function statementsOf(policy: unknown): Json[] {
  return [Object(withNames(Object(policy)['PolicyDocument']))['Statement']].flat();
}

function covers(pattern: string, action: string): boolean {
  return pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : pattern === action;
}

function contextOf(key: string, { principalArn, awsService = false }: PolicyRequest): string {
  switch (key) {
    case 'aws:PrincipalArn':
      return principalArn;
    case 'aws:PrincipalIsAWSService':
      return `${awsService}`;
    case 'aws:SecureTransport':
      return 'true';
    default:
      throw new Error(`${key} is not implemented here`);
  }
}

function holds(operator: string, values: readonly unknown[], actual: string): boolean {
  switch (operator) {
    case 'ArnNotEquals':
      return !values.includes(actual);
    case 'Bool':
      return values.includes(actual);
    default:
      throw new Error(`${operator} is not implemented here`);
  }
}
