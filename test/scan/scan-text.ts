import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { namedCluster } from '../../lambda/scan/cluster-name.ts';
import { scan } from '../../lambda/scan/scan-input.ts';

export const needle = 'certificatesigningrequests';

/** An event that holds the needle, unless it is of another resource. */
export function event(auditID: string, resource = needle, userAgent = 'kubectl') {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    auditID,
    stage: 'ResponseComplete',
    verb: 'create',
    userAgent,
    objectRef: { resource, apiGroup: 'certificates.k8s.io' },
  };
}

/** What a scan of these bytes reports, and the events that it hands on. */
export async function scanChunks(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  needles: readonly string[] | null = [needle],
  maxRecordBytes?: number,
) {
  const records: AuditRecord[] = [];
  const report = await scan(
    {
      origin: { kind: 'file', path: 'audit.log' },
      cluster: namedCluster(null),
      async *open() {
        yield* chunks;
      },
    },
    {
      needles,
      ...(maxRecordBytes === undefined ? {} : { maxRecordBytes }),
      onRecord: (record) => void records.push(record),
    },
  );
  return { report, records, ids: records.map((record) => record.event['auditID']) };
}

export const scanText = (text: string | Uint8Array) => scanChunks([Buffer.from(text)]);

export const line = (value: unknown) => `${JSON.stringify(value)}\n`;
export const lines = (values: readonly unknown[]) => values.map(line).join('');
