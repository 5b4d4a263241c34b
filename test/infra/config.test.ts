import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, parseConfig, parseSourceAccountConfig, readConfig } from '../../infra/config.ts';

describe('a mistake in the file is an error that names the field, what it takes and what it got:', () => {
  test.each([
    [
      { logGroups: [{ nam: 'x' }] },
      'f: logGroups[0].name: Invalid input: expected string, received undefined (got nothing)\n' +
        'f: logGroups[0]: no such field: nam; it takes name, cluster, bare, apiServerLogs (got {"nam":"x"})',
    ],
    [{ logGroup: 'x' }, /^f: the file: no such field: logGroup; it takes logGroups, buckets, stream,/],
    [{ buckets: [{}], emails: ['nobody'] }, 'f: emails[0]: it takes an e-mail address (got "nobody")'],
    [{ buckets: [{}], sms: ['0151'] }, 'f: sms[0]: it takes a number such as +4915112345678 (got "0151")'],
    [
      { buckets: [{}], minSeverity: 'urgent' },
      'f: minSeverity: Invalid option: expected one of "low"|"medium"|"high"|"critical" (got "urgent")',
    ],
    [
      { buckets: [{}], channels: [{ name: 'pager', rendering: 'fax' }] },
      'f: channels[0].rendering: Invalid option: expected one of "json"|"text"|"chat"|"alarm" (got "fax")',
    ],
    [
      { buckets: [{}], channels: [{ name: 'p', rendering: 'alarm', https: ['http://plain.example.com'] }] },
      'f: channels[0].https[0]: it takes an https URL, or {secret: \'NAME\'} for one that Secrets Manager holds (got "http://plain.example.com")',
    ],
    [{ buckets: [{}], keyArn: 'alias/x' }, 'f: keyArn: it takes the ARN of a KMS key (got "alias/x")'],
    [
      { buckets: [{}], findings: { topicArn: 'findings' } },
      'f: findings.topicArn: it takes the ARN of an SNS topic (got "findings")',
    ],
    [
      { stream: { accounts: ['1'] } },
      'f: stream.accounts[0]: it takes the twelve digits of an account (got "1")',
    ],
    [
      { stream: {} },
      'f: stream: it takes accounts or an organization, or nobody could send anything (got {})',
    ],
    [
      { buckets: [{}], exceptions: [7] },
      'f: exceptions[0]: it takes the name of a ready-made exception, a file, or {name, reason, rules, query} (got 7)',
    ],
    [
      { buckets: [{}], logRetentionDays: 8 },
      'f: logRetentionDays: Invalid option: expected one of 7|14|30|90|180|365 (got 8)',
    ],
    [
      { buckets: [{ keyPattern: 'logs/' }] },
      'f: buckets[0].keyPattern: it takes a pattern with {cluster} in it (got "logs/")',
    ],
    [
      { buckets: [{ name: 'my-logs', expireAfterDays: 3 }] },
      'f: buckets[0].expireAfterDays: it is for a bucket that is made, and this one has a name (got 3)',
    ],
    [
      { buckets: [{}], canarySchedule: 'rate(1 days)' },
      'f: canarySchedule: it takes a schedule such as rate(1 day) (got "rate(1 days)")',
    ],
    [
      { buckets: [{}], canarySchedule: 'rate(1 day)', disabledRules: ['csrwatch-canary'] },
      'f: disabledRules: csrwatch-canary finds what canarySchedule sends; leave out one of them',
    ],
    [
      { buckets: [{}], backfillResultsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1' },
      'f: backfillResultsKeyArn: it is for a bucket that exists, which backfillResults names',
    ],
    [{ logGroups: [{ name: 'a' }, { name: 'a' }] }, 'f: logGroups: a stands there twice'],
    [
      { buckets: [{}], channels: [{ name: 'alerts', rendering: 'text' }] },
      'f: channels: alerts stands there twice',
    ],
    [{}, 'f: nothing is watched. Name a cluster, a log group or a bucket: -c cluster=NAME'],
    [undefined, 'f: the file: Invalid input: expected object, received undefined (got nothing)'],
  ])('%j', (input, message) => {
    const read = () => parseConfig(input, 'f');
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(message);
  });

  test('a source account without a group', () => {
    expect(() => parseSourceAccountConfig({ destinationArn: 'x', logGroups: [] }, 'f')).toThrow(
      'f: destinationArn: it takes the ARN of a CloudWatch Logs destination (got "x")\n' +
        'f: logGroups: Too small: expected array to have >=1 items (got [])',
    );
  });
});

describe('flags', () => {
  const detector = async (flags: Record<string, unknown>) => {
    const { kind, config } = await readConfig(flags);
    return kind === 'detector' ? config : undefined;
  };

  test('say what the quick start watches', async () => {
    const flags = { cluster: 'prod', email: 'a@example.com, b@example.com', bucket: 'my-logs' };
    expect(await detector({ ...flags, 'aws:cdk:enable-path-metadata': true })).toMatchObject({
      logGroups: [{ name: '/aws/eks/prod/cluster', cluster: 'prod', apiServerLogs: false }],
      buckets: [{ name: 'my-logs', cluster: 'prod' }],
      emails: ['a@example.com', 'b@example.com'],
    });
  });

  test('may be none, which is the S3 road, and a log group alone needs no bucket', async () => {
    expect(await detector({})).toMatchObject({ logGroups: [], buckets: [{}] });
    expect(await detector({ logGroup: 'audit' })).toMatchObject({
      logGroups: [{ name: 'audit' }],
      buckets: [],
    });
  });

  test('leave the logs road out, or bring the API server in', async () => {
    expect(await detector({ cluster: 'prod', logs: 'false' })).toMatchObject({
      logGroups: [],
      buckets: [{}],
    });
    expect(await detector({ cluster: 'prod', apiServerLogs: 'true' })).toMatchObject({
      logGroups: [{ apiServerLogs: true }],
    });
  });

  test('with a destination are a source account', async () => {
    const destination = 'arn:aws:logs:eu-central-1:111122223333:destination:csrwatch';
    expect(await readConfig({ destination, cluster: 'prod' })).toMatchObject({
      kind: 'source-account',
      config: { destinationArn: destination, logGroups: [{ name: '/aws/eks/prod/cluster' }] },
    });
  });

  test.each([
    [{ cluster: 'prod', logs: 'perhaps' }, '-c logs=perhaps: it takes true or false'],
    [{ clutser: 'prod' }, /^-c clutser: no such flag; they are config, cluster, logGroup,/],
    [{ cluster: '' }, '-c cluster="": it takes a text'],
    [
      { config: 'f', cluster: 'prod' },
      '-c cluster: beside -c config it says nothing; write it into the file',
    ],
    [
      { destination: 'd', email: 'a@example.com' },
      '-c email: beside -c destination it says nothing; it belongs to the other account',
    ],
    [{ apiServerLogs: 'true' }, '-c apiServerLogs: without -c cluster or -c logGroup it says nothing'],
    [
      { cluster: 'prod', logs: 'false', apiServerLogs: 'true' },
      '-c apiServerLogs: beside -c logs=false it says nothing',
    ],
    [{ email: 'nobody' }, '-c: emails[0]: it takes an e-mail address (got "nobody")'],
  ])('that cannot be meant are an error: %j', async (flags, message) => {
    const reading = readConfig(flags);
    await expect(reading).rejects.toThrow(ConfigError);
    await expect(reading).rejects.toThrow(message);
  });
});

describe('a file', () => {
  const file = (text: string) => {
    const path = join(mkdtempSync(join(tmpdir(), 'csrwatch-config-')), 'csrwatch.config.ts');
    writeFileSync(path, text);
    return path;
  };

  test('is TypeScript', async () => {
    const config = file(
      "const emails: string[] = ['a@example.com'];\nexport default { buckets: [{}], emails };\n",
    );
    expect(await readConfig({ config })).toMatchObject({
      kind: 'detector',
      config: { emails: ['a@example.com'] },
    });
  });

  test('that names a destination is a source account', async () => {
    const config = file(
      "export default { destinationArn: 'arn:aws:logs:eu-central-1:111122223333:destination:d', logGroups: [{ name: 'g' }] };\n",
    );
    expect(await readConfig({ config })).toMatchObject({ kind: 'source-account' });
  });

  test('that is not there is named', async () => {
    await expect(readConfig({ config: '/nowhere/csrwatch.config.ts' })).rejects.toThrow(
      /^\/nowhere\/csrwatch\.config\.ts: it can't be read: /,
    );
  });
});
