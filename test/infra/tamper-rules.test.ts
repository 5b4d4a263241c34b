import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { tamperCalls } from '../../infra/operations/tamper-calls/all-tamper-calls.ts';
import { matchesPattern, withNames } from './event-pattern.ts';
import { account, operationsStack, region } from './operations-stack.ts';
import { resources, type TamperSample, tamperSamples } from './tamper-samples.ts';

const { template } = operationsStack();
const patterns = rulesOf(template).map(({ EventPattern }) => withNames(EventPattern));

/** An event as EventBridge has it from CloudTrail, without the caller. */
function call(service: string, eventName: string, requestParameters: object | null, more: object = {}) {
  return {
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account,
    region,
    detail: {
      eventSource: `${service}.amazonaws.com`,
      eventName,
      readOnly: false,
      requestParameters,
      ...more,
    },
  };
}

const raisesAlert = (event: unknown) => patterns.filter((pattern) => matchesPattern(pattern, event)).length;

describe.each(tamperCalls.map((item) => [`${item.service} ${item.events.join(', ')}`, item] as const))(
  '%s',
  (_, { service, events, protects, parameters, documented = [] }) => {
    test('has a sample of each event, parameter and form, which raises one alert, refused or not', () => {
      for (const event of events) {
        for (const [parameter, forms] of Object.entries(parameters)) {
          for (const form of forms) {
            const samples = samplesOf(service, event, protects).filter(
              (sample) => sample.forms.includes(form) && (form === 'any' || names(sample, parameter)),
            );
            expect(samples, `${event} ${parameter} ${form}`).not.toHaveLength(0);
            for (const { request, events: recorded } of samples) {
              for (const name of resources[protects].ours[form] ?? []) {
                for (const eventName of recorded) {
                  const error = { errorCode: 'AccessDenied' };
                  expect(raisesAlert(call(service, eventName, request(name))), `${eventName} ${name}`).toBe(
                    1,
                  );
                  expect(raisesAlert(call(service, eventName, request(name), error))).toBe(1);
                }
              }
            }
          }
        }
      }
    });

    test("raises no alert on others' resources", () => {
      for (const { request, events: recorded } of events.flatMap((event) =>
        samplesOf(service, event, protects),
      )) {
        for (const name of resources[protects].others) {
          for (const eventName of recorded) {
            expect(raisesAlert(call(service, eventName, request(name))), `${eventName} ${name}`).toBe(0);
          }
        }
      }
    });

    test('names the events of which AWS shows a record', () => {
      const shown = events.filter((event) =>
        samplesOf(service, event, protects).some(({ source }) => source !== undefined),
      );
      expect([...documented].sort()).toEqual(shown.sort());
    });
  },
);

test('each sample is of a call in the table', () => {
  for (const { service, events, kind } of tamperSamples) {
    for (const event of events) {
      const found = tamperCalls.filter(
        (item) =>
          item.service === service && item.protects === kind && item.events.includes(withoutVersion(event)),
      );
      expect(found, `${service} ${event}`).not.toHaveLength(0);
    }
  }
});

describe('a tamper alert is raised', () => {
  test('by a call that CloudFormation makes', () => {
    const byCloudFormation = {
      userIdentity: { type: 'AssumedRole', invokedBy: 'cloudformation.amazonaws.com' },
      sourceIPAddress: 'cloudformation.amazonaws.com',
    };
    const topicArn = `arn:aws:sns:${region}:${account}:alerts`;
    expect(raisesAlert(call('sns', 'DeleteTopic', { topicArn }, byCloudFormation))).toBe(1);
  });

  const denied = (resource: string) => ({
    errorCode: 'AccessDenied',
    errorMessage:
      `User: arn:aws:iam::${account}:user/csrwatch-operator is not authorized to perform: lambda:X on resource: ` +
      `arn:aws:lambda:${region}:${account}:${resource} because no identity-based policy allows the lambda:X action`,
  });

  test.each([
    ['DeleteFunction20150331', 'function:csrwatch-CsrWatchLogsDetectorFunction-1A2B3C', 1],
    ['UpdateEventSourceMapping20150331', 'event-source-mapping:0f5a3d5e-1c8b-4f5e-9d2a-2b7c1e6a9f10', 1],
    ['DeleteFunction20150331', 'function:other', 0],
    ['UpdateEventSourceMapping20150331', 'event-source-mapping:00000000-1c8b-4f5e-9d2a-2b7c1e6a9f10', 0],
  ])('by a refused %s that is recorded without its parameters, on %s: %i', (eventName, resource, alerts) => {
    expect(raisesAlert(call('lambda', eventName, null, denied(resource)))).toBe(alerts);
  });

  test('not by a refused call that only reads', () => {
    const read = { ...denied('function:csrwatch-Function-1A2B3C'), readOnly: true };
    expect(raisesAlert(call('lambda', 'GetFunction20150331v2', null, read))).toBe(0);
  });
});

describe('no tamper alert is raised', () => {
  const logging = (enabled: boolean, types: string[]) => ({ clusterLogging: [{ enabled, types }] });
  test.each([
    ['logs', 'DescribeSubscriptionFilters', { logGroupName: '/aws/eks/prod/cluster' }],
    ['logs', 'PutAccountPolicy', { policyName: 'p', policyType: 'FIELD_INDEX_POLICY' }],
    ['eks', 'UpdateClusterConfig', { name: 'prod', logging: logging(true, ['audit']) }],
    ['eks', 'UpdateClusterConfig', { name: 'prod', logging: logging(false, ['scheduler']) }],
    [
      'eks',
      'UpdateClusterConfig',
      {
        name: 'prod',
        logging: {
          clusterLogging: [
            { enabled: true, types: ['audit'] },
            { enabled: false, types: ['api'] },
          ],
        },
      },
    ],
    ['eks', 'UpdateClusterConfig', { name: 'prod', resourcesVpcConfig: { endpointPublicAccess: true } }],
    ['lambda', 'GetFunction20150331v2', { functionName: 'detector-logs' }],
    ['sns', 'Subscribe', { topicArn: `arn:aws:sns:${region}:${account}:alerts` }],
    ['s3', 'PutBucketTagging', { bucketName: 'audit-logs' }],
    ['cloudtrail', 'StartLogging', { name: 'management' }],
    ['events', 'UpdateEventBus', { name: 'orders' }],
    [
      'cloudformation',
      'ExecuteChangeSet',
      { stackName: 'orders', changeSetName: 'arn:aws:cloudformation:c' },
    ],
  ])('by %s %s: %j', (service, eventName, requestParameters) => {
    expect(raisesAlert(call(service, eventName, requestParameters))).toBe(0);
  });

  test('by an event that an application puts on the bus', () => {
    const event = call('sns', 'DeleteTopic', { topicArn: `arn:aws:sns:${region}:${account}:alerts` });
    expect(raisesAlert({ ...event, source: 'my.app' })).toBe(0);
  });
});

test('an alert contains in one line the call, the resource, the caller, the address and the time', () => {
  const rule = rulesOf(template).find(({ EventPattern }) =>
    EventPattern.detail.eventName?.includes('DeleteSubscriptionFilter'),
  );
  const [{ InputTransformer: transformer, DeadLetterConfig: deadLetters }] = rule.Targets;
  const event = call(
    'logs',
    'DeleteSubscriptionFilter',
    { logGroupName: '/aws/eks/prod/cluster', filterName: 'f' },
    {
      userIdentity: { arn: `arn:aws:sts::${account}:assumed-role/admin/mallory`, accountId: account },
      sourceIPAddress: '203.0.113.7',
      eventTime: '2026-11-25T03:04:05Z',
      awsRegion: region,
      eventID: 'e-1',
    },
  );
  const text = transformer.InputTemplate.replace(/<([\w-]+)>/g, (_: string, name: string) =>
    transformer.InputPathsMap[name]
      .replace(/^\$\./, '')
      .split('.')
      .reduce((value: Record<string, unknown> | undefined, key: string) => value?.[key] ?? '', event),
  );
  expect(JSON.parse(text)).toBe(
    `csrwatch may be disabled: DeleteSubscriptionFilter on /aws/eks/prod/cluster by arn:aws:sts::${account}:assumed-role/admin/mallory from 203.0.113.7 at 2026-11-25T03:04:05Z in ${region}, account ${account}. Error, if it was refused: . CloudTrail event e-1. What to do: docs/runbook.md#tampering`,
  );
  expect(deadLetters).toBeDefined();
});

test('two hundred log groups with long names fit into patterns that EventBridge accepts', () => {
  const groups = Array.from({ length: 200 }, (_, index) => `/aws/eks/${'c'.repeat(80)}${index}/cluster`);
  const { template: many } = operationsStack((stack) => ({
    logGroups: groups.map((name) => LogGroup.fromLogGroupName(stack, `G${name}`, name)),
  }));
  const found = rulesOf(many).map(({ EventPattern }) => withNames(EventPattern));
  for (const pattern of found) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2_048);
  for (const logGroupName of groups) {
    const event = call('logs', 'DeleteSubscriptionFilter', { logGroupName });
    expect(found.filter((pattern) => matchesPattern(pattern, event))).toHaveLength(1);
  }
});

test('the keys of topics and buckets that exist are protected', () => {
  const keyOf = (digit: string) =>
    `arn:aws:kms:${region}:${account}:key/${digit.repeat(8)}-12ab-34cd-56ef-1234567890ab`;
  const { template: given } = operationsStack((stack) => ({
    buckets: [
      Bucket.fromBucketAttributes(stack, 'GivenBucket', {
        bucketName: 'given',
        encryptionKey: Key.fromKeyArn(stack, 'BucketKey', keyOf('1')),
      }),
    ],
    topics: [
      Topic.fromTopicAttributes(stack, 'GivenTopic', {
        topicArn: `arn:aws:sns:${region}:${account}:given`,
        keyArn: keyOf('2'),
      }),
    ],
  }));
  const found = rulesOf(given).map(({ EventPattern }) => withNames(EventPattern));
  const alerts = (keyId: string) =>
    found.filter((pattern) => matchesPattern(pattern, call('kms', 'DisableKey', { keyId }))).length;
  expect([keyOf('1'), keyOf('2'), keyOf('3')].map(alerts)).toEqual([1, 1, 0]);
});

test('a kind of resource that the stack does not have has no rule', () => {
  const { template: none } = operationsStack(() => ({
    buckets: [],
    streams: [],
    logGroups: [],
    functionLogs: [],
  }));
  const sources = new Set(
    rulesOf(none).flatMap(({ EventPattern }) =>
      EventPattern.detail.requestParameters?.[0] === null ? [] : EventPattern.source,
    ),
  );
  for (const gone of ['aws.s3', 'aws.kinesis', 'aws.eks']) expect(sources).not.toContain(gone);
});

function samplesOf(service: string, event: string, kind: TamperSample['kind']): TamperSample[] {
  return tamperSamples
    .filter((sample) => sample.service === service && sample.kind === kind)
    .flatMap((sample) => {
      const events = sample.events.filter((name) => withoutVersion(name) === event);
      return events.length === 0 ? [] : [{ ...sample, events }];
    });
}

/** Whether the sample names the resource in that parameter, alone or in a list. */
function names({ request }: TamperSample, parameter: string): boolean {
  return [request('resource')[parameter]].flat().includes('resource');
}

function withoutVersion(event: string): string {
  return event.replace(/20\d{6}(v\d)?$/, '');
}

function rulesOf(from: ReturnType<typeof operationsStack>['template']) {
  return Object.values(from.findResources('AWS::Events::Rule')).map(({ Properties }) => Properties);
}
