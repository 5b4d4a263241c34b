import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { namedCluster } from '../../lambda/scan/cluster-name.ts';
import { scan } from '../../lambda/scan/scan-input.ts';

export const literal = 'certificatesigningrequests';

/** An event that holds the literal, unless it is of another resource. */
export function event(auditID: string, resource = literal, userAgent = 'kubectl') {
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

/** What a scan of these bytes reports, and the audit IDs of the whole events and of those that were cut off. */
export async function scanChunks(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  literals: readonly string[] | null = [literal],
  maxRecordBytes?: number,
) {
  const records: AuditRecord[] = [];
  const report = await scan(
    {
      origin: { kind: 'file', path: 'audit.log' },
      cluster: namedCluster(null),
      async *open() {
        for await (const chunk of chunks) {
          const own = Buffer.from(chunk);
          yield own;
          // as a producer that uses its memory again
          own.fill('}');
        }
      },
    },
    {
      literals,
      ...(maxRecordBytes === undefined ? {} : { maxRecordBytes }),
      onRecord: (record) => void records.push(record),
    },
  );
  const whole = records.filter(({ format }) => format !== 'truncated');
  const truncated = records.filter(({ format }) => format === 'truncated');
  return { report, records, ids: whole.map(idOf), truncated: truncated.map(idOf) };
}

function idOf(record: AuditRecord): unknown {
  return record.event['auditID'];
}

export const scanText = (text: string | Uint8Array) => scanChunks([Buffer.from(text)]);

export const line = (value: unknown) => `${JSON.stringify(value)}\n`;
export const lines = (values: readonly unknown[]) => values.map(line).join('');
