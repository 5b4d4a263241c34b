import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** What csrwatch is blind without. */
export interface ProtectedResources {
  readonly functions: readonly IFunction[];
  /** The watched ones, and those of the functions, whose lines are the metrics. */
  readonly logGroups: readonly ILogGroup[];
  readonly topics: readonly ITopic[];
  readonly queues: readonly IQueue[];
  readonly buckets: readonly Pick<IBucket, 'bucketName'>[];
  readonly keys: readonly IKey[];
  readonly tables: readonly Pick<ITable, 'tableName'>[];
  readonly streams: readonly IStream[];
}

/** Calls to one service that would take some of it away, as CloudTrail records them. */
export interface Tampering {
  readonly id: string;
  /** `eventSource`. */
  readonly service: string;
  /** Beginnings of `eventName`: Lambda's end in the version of their API, such as DeleteFunction20150331. */
  readonly calls: readonly string[];
  /** What else of `detail` is matched, as an EventBridge pattern. @default - every such call of the account */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Where `detail` names what was called upon. */
  readonly target: string;
}
