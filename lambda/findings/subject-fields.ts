import type { AuditRecord } from '../audit/audit-record.ts';
import { stringAt } from '../json/read-json.ts';
import { isCsr } from './csr-resource.ts';
import { phaseOf } from './phase.ts';

/** The fields of the subject, which are read from the encoded request or certificate. */
export const subjectFields = 'csrwatch.subject.';

export function mayHaveSubject({ event }: AuditRecord): boolean {
  const resource = stringAt(event, 'objectRef', 'resource');
  return resource !== undefined && isCsr({ event, resource });
}

/** The record with its subject, so that rules can read it synchronously: the one that was signed, else the requested one. */
export async function withSubject(record: AuditRecord): Promise<AuditRecord> {
  if (!mayHaveSubject(record)) return record;
  const { event } = record;
  // loaded lazily: most deployments have no rule or exception that names the subject
  const { readEncoded } = await import('./read-request.ts');
  const { certificate, request } = await readEncoded(event, phaseOf(event));
  const subject = certificate?.subject ?? request.subject;
  return subject === undefined ? record : { ...record, subject };
}
