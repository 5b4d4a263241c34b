import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { watchListKeys } from '../lambda/follow/watch-list-keys.ts';
import type { BundledFunction } from './bundled-function.ts';
import { onlyDetectorsWrite } from './only-detectors-write.ts';

/** The variable that makes a detector follow certificates. */
export const watchListVariable = 'CSRWATCH_WATCH_LIST_TABLE';

/**
 * The certificates whose use is an incident, each until it expires. If the table is lost, their use raises no alert, and no
 * log says which they were: it is kept when the stack is deleted, and can be restored to any second of the last 35 days.
 */
export class WatchList extends Construct {
  readonly table: Table;
  private readonly followers: string[] = [];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: watchListKeys.partitionKey, type: AttributeType.STRING },
      sortKey: { name: watchListKeys.sortKey, type: AttributeType.STRING },
      timeToLiveAttribute: watchListKeys.timeToLiveAttribute,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      // who removes a certificate from the list can use it unseen
      resourcePolicy: onlyDetectorsWrite(() => this.followers),
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Lets a detector load the list (query), add a certificate (put), and mark it as used or removed (update). */
  giveTo(detector: BundledFunction): void {
    detector.function.addEnvironment(watchListVariable, this.table.tableName);
    this.followers.push(detector.role.roleArn);
    detector.role.addToPolicy(
      new PolicyStatement({
        actions: ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        resources: [this.table.tableArn],
      }),
    );
  }
}
