import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { partitionKey, timeToLiveAttribute } from '../lambda/dedup/item-keys.ts';
import { acknowledge } from './acknowledgements.ts';

/** Remembers for thirty days which page went out on which channel. A lost one makes pages come again, and none stay away. */
export class DedupTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      timeToLiveAttribute,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      // it holds digests that are worth nothing without the stack
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(
      this.table,
      'AwsSolutions-DDB3',
      'digests of thirty days: a table that is lost makes pages come twice, and a restored one would know no better',
    );
  }

  /** Tells a detector the table, and lets it claim (put), see why a claim was refused (get), mark (put) and give back (delete). */
  giveTo(detector: LambdaFunction): void {
    detector.addEnvironment('CSRWATCH_TABLE', this.table.tableName);
    detector.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:DeleteItem'],
        resources: [this.table.tableArn],
      }),
    );
  }
}
