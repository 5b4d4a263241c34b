import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import {
  type ClusterConfig,
  clusterOfLogGroup,
  clusterOfObject,
  clusterOfStream,
  isConfiguredCluster,
  namedCluster,
} from '../../lambda/scan/cluster-name.ts';
import { scanLogData, scanStreamRecord } from '../../lambda/scan/scan-log-data.ts';

const own = '111122223333';
const other = '222233334444';
const eks = '/aws/eks/prod/cluster';
const event = { auditID: '1', verb: 'create', stage: 'ResponseComplete' };
const nothing: ClusterConfig = { logGroups: {}, buckets: {}, keyPatterns: {} };

describe('which cluster, the first that says it', () => {
  const config: ClusterConfig = {
    logGroups: { [eks]: 'by-group' },
    buckets: { named: 'by-bucket' },
    keyPatterns: { named: '{cluster}/', keyed: 'audit/{cluster}/{yyyy}/' },
  };

  test.each<[string, string, ClusterConfig, { logGroup?: string; reported?: string }, string]>([
    ['named', 'k', config, { logGroup: eks, reported: 'event' }, 'by-group'],
    ['named', 'prod/k', config, { logGroup: '/other', reported: 'event' }, 'by-bucket'],
    ['named', 'k', config, {}, 'by-bucket'],
    ['keyed', 'audit/blue/2026/x.gz', config, { logGroup: '/aws/eks/x/cluster', reported: 'event' }, 'blue'],
    ['keyed', 'other/blue/2026/x.gz', config, { logGroup: '/aws/eks/x/cluster', reported: 'event' }, 'x'],
    ['keyed', 'other', config, { reported: 'event' }, 'event'],
    ['keyed', 'other', config, {}, 'unknown:keyed'],
    ['toString', 'k', config, {}, 'unknown:toString'],
  ])('an object %s/%s', (bucket, key, given, hints, cluster) => {
    expect(clusterOfObject(bucket, key, given)(hints)).toBe(cluster);
  });

  test.each<[ClusterConfig, { logGroup: string; reported?: string }, string]>([
    [config, { logGroup: eks, reported: 'event' }, 'by-group'],
    [nothing, { logGroup: eks, reported: 'event' }, 'prod'],
    [nothing, { logGroup: 'group', reported: 'event' }, 'event'],
    [nothing, { logGroup: 'group' }, 'unknown:group'],
    [nothing, { logGroup: '/aws/eks/a/b/cluster' }, 'unknown:/aws/eks/a/b/cluster'],
  ])('a log group', (given, hints, cluster) => {
    expect(clusterOfLogGroup(given, own)(hints)).toBe(cluster);
  });

  const accounts: ClusterConfig = { ...nothing, logGroups: { group: 'mine', [`${other}:group`]: 'theirs' } };

  test.each<[ClusterConfig, { logGroup: string; account?: string; reported?: string }, string]>([
    [accounts, { logGroup: 'group' }, 'mine'],
    [accounts, { logGroup: 'group', account: own }, 'mine'],
    [accounts, { logGroup: 'group', account: other }, 'theirs'],
    [accounts, { logGroup: 'group', account: '333344445555' }, 'unknown:333344445555:group'],
    [accounts, { logGroup: 'group', account: '333344445555', reported: 'event' }, 'event'],
    [config, { logGroup: eks, account: other }, 'prod'],
    [nothing, { logGroup: 'group', account: other }, 'unknown:222233334444:group'],
  ])('a log group of an account: %j %j', (given, hints, cluster) => {
    expect(clusterOfLogGroup(given, own)(hints)).toBe(cluster);
    const stream = { kind: 'stream', stream: 's', account: own } as const;
    const named = cluster.startsWith('unknown:') ? 'unknown:s' : cluster;
    expect(clusterOfStream(stream, given)(hints)).toBe(named);
  });

  test('an envelope inside an object names a log group of its own account', () => {
    const of = clusterOfObject('bucket', 'k', accounts);
    expect(of({ logGroup: 'group', account: other })).toBe('theirs');
    expect(of({ logGroup: 'group', account: '333344445555' })).toBe('unknown:bucket');
  });

  test('only a name of the same account is a dimension of metrics', () => {
    const origin = (account: string) =>
      ({ kind: 'log-stream', account, logGroup: 'group', logStream: 's' }) as const;
    expect(isConfiguredCluster('unknown:group', origin(own), nothing, own)).toBe(true);
    expect(isConfiguredCluster('unknown:group', origin(other), nothing, own)).toBe(false);
  });

  test('a bare file has none, unless it is named', () => {
    expect(namedCluster(null)({})).toBeNull();
    expect(namedCluster(null)({ logGroup: eks })).toBe('prod');
    expect(namedCluster('mine')({ logGroup: eks, reported: 'event' })).toBe('mine');
  });
});

describe('a subscription of the account', () => {
  const payload = (extractedFields?: object, message: unknown = event) =>
    gzipSync(
      JSON.stringify({
        messageType: 'DATA_MESSAGE',
        policyLevel: 'ACCOUNT_LEVEL_POLICY',
        owner: '111122223333',
        logGroup: 'kubernetes',
        logStream: 's',
        logEvents: [{ id: '1', timestamp: 1, message: JSON.stringify(message), extractedFields }],
      }),
    );
  const clusterOf = async (packed: Buffer) => {
    const found: (string | null)[] = [];
    const onRecord = ({ cluster }: { cluster: string | null }) => void found.push(cluster);
    await scanLogData(packed, { clusters: nothing, region: 'eu-central-1' }, { literals: null, onRecord });
    return found;
  };

  test('names the cluster in its extracted fields', async () => {
    expect(await clusterOf(payload({ cluster: 'blue', '@aws.region': 'eu-central-1' }))).toEqual(['blue']);
    expect(await clusterOf(payload({ 'orchestrator.cluster.name': 'green' }))).toEqual(['green']);
  });

  test('or the event does, or nothing', async () => {
    const elastic = { orchestrator: { cluster: { name: 'red' } }, kubernetes: { audit: event } };
    expect(await clusterOf(payload(undefined, elastic))).toEqual(['red']);
    expect(await clusterOf(payload())).toEqual(['unknown:kubernetes']);
  });
});

describe('a record of a Kinesis stream', () => {
  const clusters: ClusterConfig = {
    ...nothing,
    logGroups: { kubernetes: 'mine', [`${other}:kubernetes`]: 'theirs' },
  };
  const envelope = (owner: string) => ({
    messageType: 'DATA_MESSAGE',
    owner,
    logGroup: 'kubernetes',
    logStream: 's',
    logEvents: [{ id: '1', timestamp: 1, message: JSON.stringify(event) }],
  });
  const recordOf = async (data: Buffer) => {
    const records: AuditRecord[] = [];
    await scanStreamRecord(
      data,
      { kind: 'stream', stream: 's', account: own },
      '1',
      { clusters, region: 'eu-central-1' },
      {
        literals: null,
        onRecord: (record) => void records.push(record),
      },
    );
    return records;
  };

  test.each([
    [own, 'mine'],
    [other, 'theirs'],
    ['333344445555', 'unknown:333344445555:kubernetes'],
  ])('of account %s has the cluster %s, packed or inside other JSON', async (owner, cluster) => {
    expect(await recordOf(gzipSync(JSON.stringify(envelope(owner))))).toMatchObject([
      { cluster, place: { origin: { account: owner, logGroup: 'kubernetes' } } },
    ]);
    const wrapped = await recordOf(Buffer.from(JSON.stringify({ records: [envelope(owner)] })));
    expect(wrapped).toMatchObject([{ cluster: cluster.startsWith('unknown:') ? 'unknown:s' : cluster }]);
  });
});
