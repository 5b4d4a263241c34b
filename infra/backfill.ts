import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledgements.ts';
import { backfillDefinition } from './backfill-definition.ts';

export interface BackfillProps {
  /** The detector of the S3 road: it reads what it may read already. */
  readonly detector: IFunction;
  /** Whose objects of the past may be listed. */
  readonly buckets: readonly IBucket[];
}

/** Runs the detector over objects that were there before csrwatch was: a Step Functions Distributed Map over a prefix. */
export class Backfill extends Construct {
  readonly stateMachine: StateMachine;
  /** What each run found, below `backfill/`. */
  readonly results: Bucket;

  constructor(scope: Construct, id: string, { detector, buckets }: BackfillProps) {
    super(scope, id);
    this.results = this.resultsBucket();
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      comment: 'csrwatch: runs the detector over objects of the past',
      definitionBody: DefinitionBody.fromString(JSON.stringify(backfillDefinition())),
      definitionSubstitutions: { Detector: detector.functionArn, Results: this.results.bucketName },
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        destination: new LogGroup(this, 'Log', {
          retention: RetentionDays.ONE_MONTH,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });
    for (const statement of [
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [detector.functionArn] }),
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: buckets.map(({ bucketArn }) => bucketArn),
      }),
      new PolicyStatement({
        // results are written in parts
        actions: ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
        resources: [this.results.arnForObjects('backfill/*')],
      }),
    ]) {
      this.stateMachine.addToRolePolicy(statement);
    }
    this.allowToStartItself();
    const role = this.stateMachine.role;
    acknowledge(role, 'IAM5[Resource::*]', 'X-Ray and the delivery of logs take no resource');
  }

  /** A Distributed Map runs each object as an execution of its own state machine. */
  private allowToStartItself(): void {
    const { partition, region, account } = Stack.of(this);
    const { stateMachineArn, stateMachineName, role } = this.stateMachine;
    const executions = `arn:${partition}:states:${region}:${account}:execution:${stateMachineName}`;
    new Policy(this, 'StartItself', {
      roles: [role],
      statements: [
        new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] }),
        new PolicyStatement({
          actions: ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
          // executions of the map have names that Step Functions chooses
          resources: [`${executions}/*`],
        }),
      ],
    });
  }

  private resultsBucket(): Bucket {
    const bucket = new Bucket(this, 'Results', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // it says what was found in the past
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      bucket,
      'S1',
      'access to it is seen in CloudTrail; access logs would need a bucket of their own',
    );
    return bucket;
  }
}
