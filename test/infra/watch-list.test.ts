import { describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../infra/config.ts';
import { templateOf } from './configurations.ts';

const s3: ConfigInput = { buckets: [{}] };
const selfManaged: ConfigInput = { logGroups: [{ name: 'kubernetes', followCertificates: true }] };

/** The functions that follow certificates, by the beginning of their logical ids, and the name of their table. */
function followers(input: ConfigInput): Record<string, unknown> {
  const functions = Object.entries(templateOf(input).findResources('AWS::Lambda::Function'));
  return Object.fromEntries(
    functions.flatMap(([id, { Properties }]) => {
      const table = Properties.Environment?.Variables?.CSRWATCH_WATCH_LIST_TABLE;
      return table === undefined ? [] : [[id.replace(/Function.*/, ''), table]];
    }),
  );
}

function tableOf(input: ConfigInput) {
  const tables = Object.entries(templateOf(input).findResources('AWS::DynamoDB::Table'));
  return tables.find(([id]) => id.startsWith('CsrWatchWatchList'));
}

describe('the watch list', () => {
  test('is encrypted, expires with the certificates, and can be restored', () => {
    const [, table] = tableOf(s3) ?? [];
    expect(table?.['Properties']).toMatchObject({
      KeySchema: [
        { AttributeName: 'list', KeyType: 'HASH' },
        { AttributeName: 'certificate', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  test('can neither be deleted nor replaced, and is kept when the stack is deleted', () => {
    const [, table] = tableOf(s3) ?? [];
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { DeletionProtectionEnabled: true },
    });
  });

  test.each<[string, ConfigInput, string[]]>([
    ['the S3 source, always', s3, ['CsrWatchObjectsDetector']],
    ['a log group with followCertificates', selfManaged, ['CsrWatchLogsDetector']],
    ['both', { ...s3, ...selfManaged }, ['CsrWatchLogsDetector', 'CsrWatchObjectsDetector']],
    [
      'the S3 source, but not a log group without followCertificates',
      { ...s3, logGroups: [{ name: 'kubernetes' }, { name: '/aws/eks/prod/cluster' }] },
      ['CsrWatchObjectsDetector'],
    ],
    [
      'the stream with followCertificates',
      { stream: { accounts: ['222233334444'], followCertificates: true } },
      ['CsrWatchLogsDetector'],
    ],
    ['no log group without followCertificates', { logGroups: [{ name: '/aws/eks/prod/cluster' }] }, []],
    ['no stream without followCertificates', { stream: { accounts: ['222233334444'] } }, []],
  ])('is for %s', (_, input, expected) => {
    const found = followers(input);
    const [id] = tableOf(input) ?? [];
    expect(Object.keys(found).sort()).toEqual(expected);
    expect(Object.values(found)).toEqual(expected.map(() => ({ Ref: id })));
    expect(id === undefined).toBe(expected.length === 0);
  });

  test('has alarms, and a graph in the dashboard, only if there is one', () => {
    const alarms = (input: ConfigInput) => [
      ...JSON.stringify(templateOf(input).findResources('AWS::CloudWatch::Alarm')).matchAll(
        /#watch-list-\w+/g,
      ),
    ];
    const dashboard = (input: ConfigInput) =>
      JSON.stringify(templateOf(input).findResources('AWS::CloudWatch::Dashboard'));
    expect(alarms(s3)).toHaveLength(3);
    expect(dashboard(s3)).toContain('CertificatesFollowed');
    const without = { logGroups: [{ name: '/aws/eks/prod/cluster' }] };
    expect(alarms(without)).toHaveLength(0);
    expect(dashboard(without)).not.toContain('CertificatesFollowed');
  });

  test('is followed by a backfill too: it invokes the same function', () => {
    const template = templateOf(s3);
    const machine = JSON.stringify(template.findResources('AWS::StepFunctions::StateMachine'));
    const [detector = ''] = Object.keys(template.findResources('AWS::Lambda::Function')).filter((id) =>
      id.startsWith('CsrWatchObjectsDetector'),
    );
    expect(machine).toContain(`"${detector}"`);
    expect(Object.keys(followers(s3))).toEqual(['CsrWatchObjectsDetector']);
  });
});
