import { Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge, allowByWildcard, grantByWildcard } from './acknowledgements.ts';
import { backfillDefinition, mapState } from './backfill-definition.ts';
import { ConfigError } from './config/config-error.ts';
import { evidenceBucket } from './evidence-bucket.ts';
import { grantAll } from './grants.ts';
import type { ObjectPlace } from './s3-source.ts';

export interface BackfillProps {
  /** The detector of the S3 source, with its permissions to read. */
  readonly detector: IFunction;
  /** Where existing objects may be listed. */
  readonly places: readonly ObjectPlace[];
  /** Where the results go, below `backfill/`. @default - a bucket is created, and kept when the stack is deleted */
  readonly results?: IBucket | undefined;
  /** How long the log of the executions is kept. */
  readonly logRetention: RetentionDays;
}

const resultsPrefix = 'backfill';

/** Runs the detector over existing objects: a Step Functions Distributed Map over a prefix. */
export class Backfill extends Construct {
  readonly stateMachine: StateMachine;
  /** What each run found, below `backfill/`. */
  readonly results: Pick<IBucket, 'bucketName' | 'arnForObjects' | 'encryptionKey'>;

  /** @throws {ConfigError} if the results would be read as audit logs */
  constructor(scope: Construct, id: string, { detector, places, results, logRetention }: BackfillProps) {
    super(scope, id);
    if (results) checkApart(results, places);
    this.results = results ?? evidenceBucket(this, 'Results');
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    const definition = backfillDefinition({
      partition: Stack.of(this).partition,
      detectorArn: detector.functionArn,
      resultsBucket: this.results.bucketName,
      resultsPrefix,
    });
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      role,
      comment: 'csrwatch: runs the detector over existing objects',
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        destination: new LogGroup(this, 'Log', {
          // log groups with this prefix need no entry in the account's resource policy, which holds 5,120 characters
          logGroupName: `/aws/vendedlogs/states/${Names.uniqueResourceName(this, { maxLength: 200, separator: '-' })}`,
          retention: logRetention,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [detector.functionArn] }),
    );
    grantAll(role, ['s3:ListBucket'], [...new Set(places.map(({ bucket }) => bucket.bucketArn))]);
    grantByWildcard(
      role,
      // results are written in parts
      ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
      this.results.arnForObjects(`${resultsPrefix}/*`),
      'Step Functions chooses the names of results, below this prefix',
    );
    const { encryptionKey } = this.results;
    if (encryptionKey) {
      role.addToPolicy(
        new PolicyStatement({
          actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
          resources: [encryptionKey.keyArn],
        }),
      );
    }
    acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray and the delivery of logs take no resource');
    this.allowToStartItself(role);
  }

  /**
   * A Distributed Map runs each object as an execution of its own state machine.
   * https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
   */
  private allowToStartItself(role: Role): void {
    const { partition, region, account } = Stack.of(this);
    const { stateMachineArn, stateMachineName } = this.stateMachine;
    const executions = `arn:${partition}:states:${region}:${account}:execution:${stateMachineName}`;
    // a policy of its own: the state machine depends on the role's policy, which would be a cycle
    const policy = new Policy(this, 'StartItself', { roles: [role] });
    policy.addStatements(
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] }),
    );
    const reason = 'Step Functions chooses the names of the executions, all of this state machine';
    const actions = ['states:DescribeExecution', 'states:StopExecution'];
    allowByWildcard(policy, actions, `${executions}:*`, reason);
    // the executions of the map, one per object
    const children = `${executions}/${mapState}:*`;
    allowByWildcard(policy, [...actions, 'states:RedriveExecution'], children, reason);
  }
}

/** Results below a watched prefix would be read as audit logs, by the S3 source and by the next backfill. */
function checkApart({ bucketName }: IBucket, places: readonly ObjectPlace[]): void {
  const among = places.find(
    ({ bucket, prefix }) => bucket.bucketName === bucketName && `${resultsPrefix}/`.startsWith(prefix),
  );
  if (among === undefined) return;
  throw new ConfigError(
    `backfillResults: ${bucketName} is watched below ${JSON.stringify(among.prefix)}, where results would be read as audit ` +
      'logs; name another bucket, or watch this one below another prefix',
  );
}
