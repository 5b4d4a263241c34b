import { describe, expect, test } from 'vitest';
import { configurations, quickStart, templateOf } from './configurations.ts';
import { isDenied } from './denials.ts';

const template = templateOf({
  ...configurations['everything on'],
  ...quickStart,
  canarySchedule: 'rate(1 day)',
});

/** The logical id that begins so. */
function id(type: string, start: string): string {
  const ids = Object.keys(template.findResources(type)).filter((name) => name.startsWith(`CsrWatch${start}`));
  expect(ids, `${type} ${start}`).toHaveLength(1);
  return ids[0] ?? '';
}

const role = (start: string) => `physical-${id('AWS::IAM::Role', start)}`;
const queue = (start: string) => id('AWS::SQS::Queue', start);
const operator = 'arn:aws:iam::111122223333:role/operator';
const logsDetector = role('LogsDetectorRole');
const objectsDetector = role('ObjectsDetectorRole');
const canary = role('CanarySenderRole');
const table = id('AWS::DynamoDB::Table', 'DedupTable');
const watchList = id('AWS::DynamoDB::Table', 'WatchListTable');
const taking = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'];
const writing = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
];

describe('resource policies let through', () => {
  test('the objects detector: it takes messages from its queue', () => {
    for (const action of taking) {
      const request = { action, resource: queue('ObjectsQueue'), principalArn: objectsDetector };
      expect(isDenied(template, request), action).toBe(false);
    }
  });

  test('both detectors: they write to the dedup table', () => {
    for (const principalArn of [logsDetector, objectsDetector]) {
      for (const action of writing) {
        expect(isDenied(template, { action, resource: table, principalArn }), action).toBe(false);
      }
    }
  });

  test('the detector that follows certificates: it writes to the watch list', () => {
    for (const action of writing) {
      const request = { action, resource: watchList, principalArn: objectsDetector };
      expect(isDenied(template, request), action).toBe(false);
    }
  });

  test('redrive, run by an operator: it empties dead-letter queues and sends to the queue of notifications', () => {
    const deadLetterQueues = Object.keys(template.findResources('AWS::SQS::Queue')).filter((name) =>
      /DeadLetterQueue|Undelivered/.test(name),
    );
    expect(deadLetterQueues).toHaveLength(4);
    for (const resource of deadLetterQueues) {
      for (const action of ['sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:DeleteMessage']) {
        expect(
          isDenied(template, { action, resource, principalArn: operator }),
          `${resource} ${action}`,
        ).toBe(false);
      }
    }
    for (const action of ['sqs:SendMessage', 'sqs:GetQueueAttributes']) {
      const request = { action, resource: queue('ObjectsQueue'), principalArn: operator };
      expect(isDenied(template, request), action).toBe(false);
    }
  });

  test('the canary, run on a schedule or by an operator: it takes alerts from its queue', () => {
    for (const principalArn of [canary, operator]) {
      for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage']) {
        expect(isDenied(template, { action, resource: queue('CanaryQueue'), principalArn }), action).toBe(
          false,
        );
      }
    }
  });

  test("AWS's services: they remove expired items and move failed messages", () => {
    const service = { principalArn: '', awsService: true };
    for (const resource of [table, watchList]) {
      expect(isDenied(template, { action: 'dynamodb:DeleteItem', resource, ...service })).toBe(false);
    }
    expect(
      isDenied(template, { action: 'sqs:ReceiveMessage', resource: queue('ObjectsQueue'), ...service }),
    ).toBe(false);
  });
});

describe('resource policies deny, whatever IAM allows', () => {
  test.each([
    ['an operator', operator],
    ['the canary', canary],
    ['the other detector', logsDetector],
  ])('%s to take messages from the queue of notifications', (_, principalArn) => {
    for (const action of taking) {
      expect(isDenied(template, { action, resource: queue('ObjectsQueue'), principalArn }), action).toBe(
        true,
      );
    }
  });

  test.each([
    ['an operator', operator],
    ['the canary', canary],
  ])('%s to write to the dedup table', (_, principalArn) => {
    for (const action of writing) {
      expect(isDenied(template, { action, resource: table, principalArn }), action).toBe(true);
    }
  });

  test.each([
    ['an operator', operator],
    ['the canary', canary],
    ['a detector that follows no certificates', logsDetector],
  ])('%s to write to the watch list', (_, principalArn) => {
    for (const action of writing) {
      expect(isDenied(template, { action, resource: watchList, principalArn }), action).toBe(true);
    }
  });
});

test.each(Object.entries(configurations))('%s keeps versions of each bucket for 30 days', (_, input) => {
  for (const { Properties } of Object.values(templateOf(input).findResources('AWS::S3::Bucket'))) {
    expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(JSON.stringify(Properties.LifecycleConfiguration.Rules)).toContain('"NoncurrentDays":30');
  }
});
