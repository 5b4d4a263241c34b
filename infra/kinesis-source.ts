import { ArnFormat, Duration, Names, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CfnDestination } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { DetectorFunction } from './detector-function.ts';
import type { FailureDestination } from './failure-destination.ts';

/** The stream that other accounts' log groups are sent to. */
export interface StreamProps {
  /** Accounts that may subscribe their log groups. @default - none */
  readonly accounts?: readonly string[] | undefined;
  /** An organization whose accounts may. @default - none */
  readonly organization?: string | undefined;
  /** A shard takes 1 MB/s of what passed the filters; 0 is on-demand mode, at nearly three times the price. @default 1 */
  readonly shards?: number | undefined;
  /** Cluster names by `ACCOUNT:LOG_GROUP`. @default - they are read from the groups' names or from the events */
  readonly clusters?: Readonly<Record<string, string>> | undefined;
  /** Whether uses of issued certificates are found in the stream; the source accounts must send them. @default false */
  readonly followCertificates?: boolean | undefined;
}

export interface KinesisSourceProps extends StreamProps {
  readonly detector: DetectorFunction;
  /** Stores the records that fail every attempt. */
  readonly failures: FailureDestination;
}

/**
 * A record that fails holds the others of its shard until it is stored by the failure destination. Lambda halves the batch
 * until the record is alone, which are at most seven attempts for a hundred records and don't count as retries, and then
 * tries it again so often: eleven attempts in all, each at most as long as the function's timeout of a minute.
 */
const retryAttempts = 3;

/** Log groups of other accounts ─▶ destination ─▶ stream ─▶ detector. */
export class KinesisSource extends Construct {
  readonly stream: Stream;
  /** What the other accounts subscribe to. */
  readonly destinationArn: string;
  /** The UUID of what reads the stream for the function. */
  readonly eventSourceMapping: string;

  constructor(scope: Construct, id: string, props: KinesisSourceProps) {
    super(scope, id);
    const { detector, failures, shards = 1 } = props;
    this.stream = new Stream(this, 'Stream', {
      encryption: StreamEncryption.MANAGED,
      ...(shards === 0
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: shards }),
    });
    const eventSource = new KinesisEventSource(this.stream, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(1),
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts,
      onFailure: failures,
    });
    detector.function.addEventSource(eventSource);
    this.eventSourceMapping = eventSource.eventSourceMappingId;
    this.destinationArn = this.destination(props).attrArn;
  }

  /** What CloudWatch Logs of the other accounts is pointed at; the access policy says whose. */
  private destination({ accounts = [], organization }: StreamProps): CfnDestination {
    const stack = Stack.of(this);
    const role = new Role(this, 'DestinationRole', {
      description: 'csrwatch: CloudWatch Logs writes what it is sent into the stream',
      assumedBy: new ServicePrincipal('logs.amazonaws.com', {
        // an organization's accounts aren't known here; the destination's policy holds them back all the same
        conditions: organization === undefined ? sources(stack, accounts) : {},
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['kinesis:PutRecord'], resources: [this.stream.streamArn] }),
    );
    // the API wants a name, and its policy the ARN that the name makes
    const name = Names.uniqueResourceName(this, { maxLength: 128 });
    const arn = stack.formatArn({
      service: 'logs',
      resource: 'destination',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const destination = new CfnDestination(this, 'Destination', {
      destinationName: name,
      targetArn: this.stream.streamArn,
      roleArn: role.roleArn,
      destinationPolicy: stack.toJsonString({
        Version: '2012-10-17',
        Statement: [
          ...(accounts.length === 0 ? [] : [allow({ AWS: [...accounts] }, arn)]),
          ...(organization === undefined
            ? []
            : [{ ...allow('*', arn), Condition: { StringEquals: { 'aws:PrincipalOrgID': organization } } }]),
        ],
      }),
    });
    // it sends a test record at once
    destination.node.addDependency(role);
    return destination;
  }
}

/** This account's own, too: CloudWatch Logs tests the destination. */
function sources({ partition, region, account }: Stack, accounts: readonly string[]): object {
  const arns = [account, ...accounts].map((id) => `arn:${partition}:logs:${region}:${id}:*`);
  return { StringLike: { 'aws:SourceArn': arns } };
}

function allow(principal: '*' | { AWS: string[] }, resource: string): object {
  return { Effect: 'Allow', Principal: principal, Action: 'logs:PutSubscriptionFilter', Resource: resource };
}
