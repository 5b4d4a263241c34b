import { CfnParameter, type CfnParameterProps, Fn, type Stack } from 'aws-cdk-lib';
import type { ConfigInput, SourceAccountConfigInput } from './config.ts';

// The parameters of plain templates. A pattern allows no character that JSON escapes, since values become parts of JSON texts.

const clusterName: CfnParameterProps = {
  description:
    'The EKS cluster. Its audit logging must be on: the log group /aws/eks/NAME/cluster must exist.',
  allowedPattern: '[0-9A-Za-z][0-9A-Za-z_-]{0,99}',
  constraintDescription: 'must be the name of an EKS cluster',
};

/** Where the functions' code was uploaded. */
const codeParameters = {
  CodeBucket: {
    description: "The bucket that holds csrwatch.zip, in the stack's region",
    allowedPattern: '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]',
    constraintDescription: 'must be the name of a bucket',
  },
  CodeKey: {
    description:
      'The key of csrwatch.zip in that bucket. CloudFormation updates the functions only if it changes.',
    minLength: 1,
    maxLength: 1_024,
  },
} satisfies Record<string, CfnParameterProps>;

const detectorParameters = {
  ClusterName: clusterName,
  Email: {
    description:
      'The address for alerts, and for alarms about csrwatch itself. SNS sends it two e-mails to confirm.',
    allowedPattern: '[^@\\s"\\\\]+@[^@\\s"\\\\]+',
    constraintDescription: 'must be an e-mail address',
  },
} satisfies Record<string, CfnParameterProps>;

const sourceAccountParameters = {
  ClusterName: clusterName,
  DestinationArn: {
    description: "The output StreamDestination of the central account's stack in this region",
    allowedPattern: 'arn:[\\w-]+:logs:[\\w-]+:\\d{12}:destination:[^"\\\\\\s]+',
    constraintDescription: 'must be the ARN of a CloudWatch Logs destination',
  },
  OperationsTopicArn: {
    description: "The output OperationsTopic of the central account's stack in this region",
    allowedPattern: 'arn:[\\w-]+:sns:[\\w-]+:\\d{12}:[\\w-]+',
    constraintDescription: 'must be the ARN of an SNS topic',
  },
} satisfies Record<string, CfnParameterProps>;

const groups = {
  code: codeParameters,
  detector: detectorParameters,
  'source-account': sourceAccountParameters,
} satisfies Record<string, Record<string, CfnParameterProps>>;

/** Declares parameters in a stack. Their names are their logical ids. */
export function declareParameters(stack: Stack, group: keyof typeof groups): void {
  for (const [name, props] of Object.entries<CfnParameterProps>(groups[group]))
    new CfnParameter(stack, name, props);
}

/** Where the uploaded code is. */
export function codeLocation(): { readonly bucketName: string; readonly objectKey: string } {
  return { bucketName: Fn.ref('CodeBucket'), objectKey: Fn.ref('CodeKey') };
}

/** One EKS cluster and one address, as with `-c cluster=NAME -c email=ADDRESS`, both given when the stack is deployed. */
export function detectorByParameters(): ConfigInput {
  const cluster = Fn.ref('ClusterName');
  return {
    logGroups: [{ name: `/aws/eks/${cluster}/cluster`, cluster }],
    buckets: [{ cluster }],
    emails: [Fn.ref('Email')],
  };
}

/**
 * The log group of an EKS cluster. The role that an organization's destination needs does no harm if the destination admits
 * accounts: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Cross-Account-Log_Subscription-Update.html gives it to
 * filters of such a destination.
 */
export function sourceAccountByParameters(): SourceAccountConfigInput {
  return {
    destinationArn: Fn.ref('DestinationArn'),
    operationsTopicArn: Fn.ref('OperationsTopicArn'),
    logGroups: [{ name: `/aws/eks/${Fn.ref('ClusterName')}/cluster` }],
    organization: true,
  };
}
