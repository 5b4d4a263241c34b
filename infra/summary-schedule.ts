import { Duration } from 'aws-cdk-lib';
import { type IRule, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledgements.ts';

/** Invokes a detector every minute, which sends the summaries of storms whose window has ended, even if no event follows. */
export class SummarySchedule extends Construct {
  readonly rule: IRule;

  constructor(scope: Construct, id: string, detector: IFunction) {
    super(scope, id);
    const rule = new Rule(this, 'Rule', {
      description: 'csrwatch: sends the summaries of storms',
      schedule: Schedule.rate(Duration.minutes(1)),
      // the next minute does the same
      targets: [new FunctionTarget(detector, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
    acknowledge(
      rule,
      'Serverless-EventBusDLQ',
      'an invocation that failed needs no retry: the next minute does the same',
    );
    this.rule = rule;
  }
}
