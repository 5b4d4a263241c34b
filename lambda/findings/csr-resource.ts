import type { AuditEvent } from '../audit/audit-record.ts';
import { stringAt } from '../json/read-json.ts';

const certificatesGroup = 'certificates.k8s.io';

/**
 * Whether its object is of Kubernetes' own group for certificates, as it is taken to be where the log doesn't say: another
 * group may have a resource of the same name.
 */
export function isOfCertificates(event: AuditEvent): boolean {
  return (stringAt(event, 'objectRef', 'apiGroup') ?? certificatesGroup) === certificatesGroup;
}

/** A request that the API server signs, or lets a signer sign. */
export function isCsr({
  event,
  resource,
}: {
  readonly event: AuditEvent;
  readonly resource?: string;
}): boolean {
  return resource === 'certificatesigningrequests' && isOfCertificates(event);
}
