import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { dueWindows, partitionKey, timeToLiveAttribute } from '../lambda/dedup/item-keys.ts';
import { acknowledge } from './acknowledgements.ts';
import type { BundledFunction } from './bundled-function.ts';
import { onlyDetectorsWrite } from './only-detectors-write.ts';

/**
 * Records for 30 days which alert was sent on which channel, and the windows of storms. If it is lost, alerts are sent again,
 * and summaries of the last minutes are missing.
 */
export class DedupTable extends Construct {
  readonly table: Table;
  private readonly writers: string[] = [];
  private readonly summaryWindow: Duration | undefined;

  /** @param summaryWindow - people get at most one summary of a storm in each. @default - the function's own */
  constructor(scope: Construct, id: string, summaryWindow?: Duration) {
    super(scope, id);
    this.summaryWindow = summaryWindow;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      timeToLiveAttribute,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      // an item of another caller could suppress an alert
      resourcePolicy: onlyDetectorsWrite(() => this.writers),
      // its digests are useless without the stack
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: dueWindows.indexName,
      partitionKey: { name: dueWindows.partitionKey, type: AttributeType.STRING },
      sortKey: { name: dueWindows.sortKey, type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    acknowledge(
      this.table,
      'AwsSolutions-DDB3',
      'digests of 30 days: if the table is lost, alerts are sent twice, and a backup would not prevent that',
    );
  }

  /**
   * Lets a detector claim (put), see why a claim was refused (get), mark as sent (update), release the claim of a notice
   * (delete), and find windows that end (query).
   */
  giveTo(detector: BundledFunction): void {
    detector.function.addEnvironment('CSRWATCH_TABLE', this.table.tableName);
    if (this.summaryWindow) {
      detector.function.addEnvironment('CSRWATCH_SUMMARY_SECONDS', String(this.summaryWindow.toSeconds()));
    }
    this.writers.push(detector.role.roleArn);
    detector.role.addToPolicy(
      new PolicyStatement({
        actions: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
        resources: [this.table.tableArn],
      }),
    );
    detector.role.addToPolicy(
      new PolicyStatement({
        actions: ['dynamodb:Query'],
        resources: [`${this.table.tableArn}/index/${dueWindows.indexName}`],
      }),
    );
  }
}
