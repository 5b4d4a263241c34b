import { auditFormats } from '../audit/audit-record.ts';
import type { OwnFields } from '../audit/fields.ts';
import { stringAt } from '../json/read-json.ts';
import { requestOf, statedRequesterOf } from './actor-and-request.ts';
import { outcomes, phases } from './finding.ts';
import { outcomeOf, phaseOf } from './phase.ts';
import { subjectFields } from './subject-fields.ts';

/** The fields of csrwatch's own that a rule may use. Computed from the audit event when a rule reads them. */
export const csrwatchFields: OwnFields = {
  'csrwatch.phase': { read: ({ event }) => phaseOf(event), possible: phases },
  'csrwatch.outcome': { read: ({ event }) => outcomeOf(event), possible: outcomes },
  'csrwatch.subresource': {
    read: ({ event }) => stringAt(event, 'objectRef', 'subresource'),
    isVerbatim: true,
  },
  'csrwatch.signer': {
    read: ({ event, usedCertificate }) =>
      usedCertificate ? usedCertificate.signerName : requestOf(event).signerName,
    isVerbatim: true,
  },
  'csrwatch.requester': {
    read: ({ event, usedCertificate }) =>
      usedCertificate ? usedCertificate.requester : statedRequesterOf(event),
    isVerbatim: true,
  },
  [`${subjectFields}common_name`]: {
    read: ({ subject }) => subject?.commonName ?? undefined,
    isOnlyNamed: true,
  },
  [`${subjectFields}organization`]: {
    read: ({ subject }) => subject?.organizations,
    isOnlyNamed: true,
    isList: true,
  },
  // of the followed certificate that authenticated the request; absent for every other event
  'csrwatch.certificate.sha256': {
    read: ({ usedCertificate }) => usedCertificate?.sha256,
    isOnlyNamed: true,
  },
  'csrwatch.format': { read: ({ format }) => format, possible: auditFormats },
};
