import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';
import {
  checkedApp,
  configurations,
  independentSourceAccount,
  quickStart,
  sourceAccount,
  sourceAccountStackOf,
  stackOf,
} from './configurations.ts';

describe("cdk-nag's packs AwsSolutions and Serverless", () => {
  test.each(Object.entries({ ...configurations, 'the quick start': quickStart }))(
    'pass for %s',
    (_, input) => {
      const app = checkedApp();
      stackOf(input, app);
      expect(() => app.synth()).not.toThrow();
    },
  );

  test.each([sourceAccount, independentSourceAccount])('pass for a source account: %j', (input) => {
    const app = checkedApp();
    sourceAccountStackOf(input, app);
    expect(() => app.synth()).not.toThrow();
  });

  test('fail for a queue that is not encrypted, so they are looked at', () => {
    const app = checkedApp();
    new Queue(stackOf(quickStart, app), 'Careless');
    expect(() => app.synth()).toThrow(/AwsSolutions-SQS.*Serverless-SQSRedrivePolicy/s);
  });
});
