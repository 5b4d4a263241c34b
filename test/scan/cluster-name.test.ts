import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  type ClusterConfig,
  clusterOfLogGroup,
  clusterOfObject,
  namedCluster,
} from '../../lambda/scan/cluster-name.ts';
import { scanLogData } from '../../lambda/scan/scan-log-data.ts';

const eks = '/aws/eks/prod/cluster';
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
    expect(clusterOfLogGroup(given)(hints)).toBe(cluster);
  });

  test('a bare file has none, unless it is named', () => {
    expect(namedCluster(null)({})).toBeNull();
    expect(namedCluster(null)({ logGroup: eks })).toBe('prod');
    expect(namedCluster('mine')({ logGroup: eks, reported: 'event' })).toBe('mine');
  });
});

describe('a subscription of the account', () => {
  const event = { auditID: '1', verb: 'create', stage: 'ResponseComplete' };
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
