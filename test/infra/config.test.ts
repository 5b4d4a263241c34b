import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, parseConfig, parseSourceAccountConfig, readConfig } from '../../infra/config.ts';

describe('a mistake in the file is an error that names the field, the expected value and the actual one:', () => {
  test.each([
    [
      { logGroups: [{ nam: 'x' }] },
      'f: logGroups[0].name: expected a string (got nothing)\n' +
        'f: logGroups[0]: no such field: nam; the fields are name, cluster, filter, followCertificates (got {"nam":"x"})',
    ],
    [
      { logGroup: 'x' },
      /^f: the file: no such field: logGroup; the fields are stackName, tags, logGroups, buckets, stream,/,
    ],
    [
      { buckets: [{}], emails: ['no address'] },
      'f: emails[0]: expected an e-mail address (got "no address")',
    ],
    [{ buckets: [{}], sms: ['0151'] }, 'f: sms[0]: expected a number such as +4915112345678 (got "0151")'],
    [
      { buckets: [{}], minSeverity: 'urgent' },
      'f: minSeverity: expected one of "low", "medium", "high", "critical" (got "urgent")',
    ],
    [
      { buckets: [{}], channels: [{ name: 'pager', rendering: 'fax' }] },
      'f: channels[0].rendering: expected one of "json", "text", "chat", "alarm" (got "fax")',
    ],
    [
      { buckets: [{}], channels: [{ name: 'p', rendering: 'alarm', https: ['http://plain.example.com'] }] },
      'f: channels[0].https[0]: expected an https URL, or {secret: \'NAME\'} for one that Secrets Manager holds (got "http://plain.example.com")',
    ],
    [{ buckets: [{}], keyArn: 'alias/x' }, 'f: keyArn: expected the ARN of a KMS key (got "alias/x")'],
    [
      { buckets: [{}], findings: { topicArn: 'findings' } },
      'f: findings.topicArn: expected the ARN of an SNS topic (got "findings")',
    ],
    [
      { stream: { accounts: ['1'] } },
      'f: stream.accounts[0]: expected the twelve digits of an account (got "1")',
    ],
    [
      { stream: {} },
      'f: stream: expected accounts or an organization: without them no account may send anything (got {})',
    ],
    [
      { buckets: [{}], exceptions: [7] },
      'f: exceptions[0]: expected the name of a predefined exception, a file, or {name, reason, rules, query} (got 7)',
    ],
    [
      { buckets: [{}], logRetentionDays: 8 },
      'f: logRetentionDays: expected one of 7, 14, 30, 90, 180, 365 (got 8)',
    ],
    [
      { buckets: [{ keyPattern: 'logs/' }] },
      'f: buckets[0].keyPattern: expected a pattern that contains {cluster} (got "logs/")',
    ],
    [
      { buckets: [{ name: 'my-logs', expireAfterDays: 3 }] },
      'f: buckets[0].expireAfterDays: applies only to a bucket that is created, and this one has a name (got 3)',
    ],
    [
      { buckets: [{}], canarySchedule: 'rate(1 days)' },
      'f: canarySchedule: expected a schedule such as rate(1 day) (got "rate(1 days)")',
    ],
    [
      { buckets: [{}], canarySchedule: 'rate(1 day)', disabledRules: ['csrwatch-canary'] },
      'f: disabledRules: the rule csrwatch-canary is needed by canarySchedule; remove one of them',
    ],
    [
      { buckets: [{}], backfillResultsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1' },
      'f: backfillResultsKeyArn: applies only to an existing bucket: specify backfillResults',
    ],
    [{ buckets: [{}], runbook: 'x'.repeat(201) }, 'f: runbook: expected at most 200 characters'],
    [{ logGroups: [{ name: 'a' }, { name: 'a' }] }, 'f: logGroups: the name a is used twice'],
    [
      { buckets: [{}], channels: [{ name: 'alerts', rendering: 'text' }] },
      'f: channels: the name alerts is used twice',
    ],
    [{}, 'f: no source is configured: add a log group (logGroups), a bucket (buckets) or a stream (stream)'],
    [{ buckets: [{ name: 'UPPER_case' }] }, 'f: buckets[0].name: expected the name of a bucket:'],
    [{ logGroups: [{ name: 'a b' }] }, 'f: logGroups[0].name: expected the name of a log group:'],
    [{ buckets: [{}], stackName: 'my_stack' }, 'f: stackName: expected letters, digits and -'],
    [
      { buckets: [{}], maxObjectsAtOnce: 20, reservedConcurrency: { objects: 10 } },
      'f: maxObjectsAtOnce: expected at most reservedConcurrency.objects: more objects would be throttled (got 20)',
    ],
    [undefined, 'f: the file: expected an object (got nothing)'],
  ])('%j', (input, message) => {
    const read = () => parseConfig(input, 'f');
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(message);
  });

  test('a source account without a group', () => {
    expect(() => parseSourceAccountConfig({ destinationArn: 'x', logGroups: [] }, 'f')).toThrow(
      'f: destinationArn: expected the ARN of a CloudWatch Logs destination (got "x")\n' +
        'f: logGroups: expected array to have >=1 items (got [])',
    );
  });
});

/** A folder without a configuration file. */
const emptyFolder = mkdtempSync(join(tmpdir(), 'csrwatch-flags-'));

describe('flags', () => {
  const detector = async (flags: Record<string, unknown>) => {
    const { kind, config } = await readConfig(flags, emptyFolder);
    return kind === 'detector' ? config : undefined;
  };

  test('name what the quick start reads', async () => {
    const flags = { cluster: 'prod', email: 'a@example.com, b@example.com', bucket: 'my-logs' };
    expect(await detector({ ...flags, 'aws:cdk:enable-path-metadata': true })).toMatchObject({
      logGroups: [
        { name: '/aws/eks/prod/cluster', cluster: 'prod', filter: 'literals', followCertificates: false },
      ],
      buckets: [{ name: 'my-logs', cluster: 'prod' }],
      emails: ['a@example.com', 'b@example.com'],
    });
  });

  test.each<[string, object, object]>([
    [
      'createBucket=true alone is the S3 source with a new bucket',
      { createBucket: 'true' },
      { logGroups: [], buckets: [{}] },
    ],
    [
      'a bucket alone is the S3 source',
      { bucket: 'my-logs' },
      { logGroups: [], buckets: [{ name: 'my-logs' }] },
    ],
    [
      'a log group alone needs no bucket',
      { logGroup: 'audit' },
      { logGroups: [{ name: 'audit' }], buckets: [] },
    ],
    ['a log group may have a new bucket', { logGroup: 'audit', createBucket: 'true' }, { buckets: [{}] }],
    ['a cluster creates a bucket', { cluster: 'prod' }, { buckets: [{ cluster: 'prod' }] }],
    ['a cluster may go without a bucket', { cluster: 'prod', createBucket: 'false' }, { buckets: [] }],
    [
      'logs=false turns the logs source off',
      { cluster: 'prod', logs: 'false' },
      { logGroups: [], buckets: [{}] },
    ],
    [
      "cdk.json's context holds JSON",
      { cluster: 'prod', logs: false, email: ['a@example.com', 'b@example.com'] },
      { logGroups: [], emails: ['a@example.com', 'b@example.com'] },
    ],
  ])('%s', async (_, flags, expected) => {
    expect(await detector({ ...flags })).toMatchObject(expected);
  });

  test('with a destination are a source account', async () => {
    const destination = 'arn:aws:logs:eu-central-1:111122223333:destination:csrwatch';
    expect(await readConfig({ destination, cluster: 'prod' }, emptyFolder)).toMatchObject({
      kind: 'source-account',
      stackName: 'csrwatch-source-account',
      config: { destinationArn: destination, logGroups: [{ name: '/aws/eks/prod/cluster' }] },
    });
  });

  test.each([{}, { email: 'a@example.com' }, { stackName: 'prod' }, { someone: 'else' }])(
    'without a source are an error that lists what to give: %j',
    async (flags) => {
      const reading = readConfig(flags, emptyFolder);
      await expect(reading).rejects.toThrow(ConfigError);
      for (const flag of ['cluster', 'logGroup', 'bucket', 'createBucket', 'config']) {
        await expect(reading).rejects.toThrow(`-c ${flag}=`);
      }
    },
  );

  test('ignore the context of other tools, as in ~/.cdk.json', async () => {
    const stranger = { team: 'platform', 'acme-vpc': 'vpc-1', prefix: 'x', availability: { zones: 3 } };
    expect(await detector({ ...stranger, cluster: 'prod' })).toMatchObject({ buckets: [{}] });
  });

  test.each([
    ['log-group', 'logGroup'],
    ['loggroup', 'logGroup'],
    ['LOG_GROUP', 'logGroup'],
    ['Cluster', 'cluster'],
    ['clutser', 'cluster'],
    ['clster', 'cluster'],
    ['clusterr', 'cluster'],
    ['clustar', 'cluster'],
    ['xcluster', 'cluster'],
    ['emails', 'email'],
    ['stack-name', 'stackName'],
    ['create-bucket', 'createBucket'],
    ['buckets', 'bucket'],
    ['Config', 'config'],
    ['log', 'logs'],
    ['SMS', 'sms'],
    ['destinatoin', 'destination'],
  ])('refuse the misspelling %s of %s', async (misspelled, meant) => {
    await expect(readConfig({ cluster: 'prod', [misspelled]: 'x' }, emptyFolder)).rejects.toThrow(
      `-c ${misspelled}: no such flag; did you mean -c ${meant}?`,
    );
  });

  test.each([
    [{ cluster: 'prod', logs: 'perhaps' }, '-c logs=perhaps: expected true or false'],
    [{ cluster: '' }, '-c cluster: its value is empty; expected a string, such as -c cluster=prod'],
    [{ cluster: '  ' }, '-c cluster: its value is empty; expected a string, such as -c cluster=prod'],
    [{ cluster: true }, '-c cluster: its value is true; expected a string, such as -c cluster=prod'],
    [{ cluster: 'prod', email: '' }, '-c email: its value is empty'],
    [{ cluster: 'prod cluster' }, '-c: logGroups[0].name: expected the name of a log group:'],
    [{ config: 'f', cluster: 'prod' }, '-c cluster: it has no effect with -c config; write it into the file'],
    [
      { destination: 'd', bucket: 'my-audit-logs' },
      '-c bucket: it has no effect with -c destination; it belongs to the central account',
    ],
    [
      { cluster: 'prod', operationsTopic: 'arn:aws:sns:eu-central-1:111122223333:t' },
      '-c operationsTopic: it has no effect without -c destination; it belongs to a source account',
    ],
    [{ logs: 'false' }, '-c logs: it has no effect without -c cluster or -c logGroup'],
    [{ bucket: 'my-logs', createBucket: 'true' }, '-c createBucket: it has no effect with -c bucket'],
    [
      { cluster: 'prod', email: 'no address' },
      '-c: emails[0]: expected an e-mail address (got "no address")',
    ],
    ...['UPPER_case', 'Logs', 'a', 'my_logs', 'my..logs', '-logs', '192.168.0.1', 'x'.repeat(64)].map(
      (bucket): [object, string] => [
        { bucket },
        '-c: buckets[0].name: expected the name of a bucket: 3 to 63 lower-case letters, digits, - and .',
      ],
    ),
  ])('that have no valid meaning are an error: %j', async (flags, message) => {
    const reading = readConfig({ ...flags }, emptyFolder);
    await expect(reading).rejects.toThrow(ConfigError);
    await expect(reading).rejects.toThrow(message);
  });
});

describe("the stack's name", () => {
  const folderWith = (text: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'csrwatch-name-'));
    writeFileSync(join(folder, 'csrwatch.config.ts'), text);
    return folder;
  };
  const named = folderWith("export default { stackName: 'from-file', buckets: [{}] };");

  test.each<[object, string, string]>([
    [{ cluster: 'prod' }, emptyFolder, 'csrwatch'],
    [{ cluster: 'prod', stackName: 'prod-csrwatch' }, emptyFolder, 'prod-csrwatch'],
    [{}, named, 'from-file'],
    [{ stackName: 'from-flag' }, named, 'from-flag'],
    [{ config: 'csrwatch.config.ts', stackName: 'from-flag' }, named, 'from-flag'],
  ])('of %j in %s is %s', async (flags, folder, stackName) => {
    expect(await readConfig({ ...flags }, folder)).toMatchObject({ stackName });
  });

  test.each(['1st', 'my_stack', 'a.b', 'x'.repeat(129)])('may not be %s', async (stackName) => {
    await expect(readConfig({ cluster: 'prod', stackName }, emptyFolder)).rejects.toThrow(
      `-c stackName=${stackName}: expected letters, digits and -, beginning with a letter`,
    );
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

  test('named csrwatch.config.ts is found in the working folder', async () => {
    const found = file("export default { buckets: [{}], emails: ['a@example.com'] };\n");
    expect(await readConfig({}, dirname(found))).toMatchObject({ config: { emails: ['a@example.com'] } });
  });

  test('in the working folder and flags that describe a deployment are an error: one would be ignored', async () => {
    const found = file('export default { buckets: [{}] };\n');
    await expect(readConfig({ cluster: 'prod' }, dirname(found))).rejects.toThrow(
      '-c cluster: this folder has a csrwatch.config.ts, which describes the deployment',
    );
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
