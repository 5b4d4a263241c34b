import type { AuditRecord } from '../audit/audit-record.ts';
import { stringAt } from '../json/read-json.ts';
import { requesterOf, requestOf } from './actor-and-request.ts';
import { outcomeOf, phaseOf } from './phase.ts';

/** The fields of csrwatch's own that a rule may use. Computed from the audit event when a rule reads them. */
export const csrwatchFields: Readonly<Record<string, (record: AuditRecord) => string | undefined>> = {
  'csrwatch.phase': ({ event }) => phaseOf(event),
  'csrwatch.outcome': ({ event }) => outcomeOf(event),
  'csrwatch.subresource': ({ event }) => stringAt(event, 'objectRef', 'subresource'),
  'csrwatch.signer': ({ event }) => requestOf(event).signerName,
  'csrwatch.requester': ({ event }) => requesterOf(event),
  'csrwatch.format': ({ format }) => format,
};
