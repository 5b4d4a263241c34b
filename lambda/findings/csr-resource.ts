import type { AuditEvent } from '../audit/audit-record.ts';
import { stringAt } from '../json/read-json.ts';

const certificatesGroup = 'certificates.k8s.io';

/**
 * Whether the object belongs to Kubernetes' own API group for certificates, since another group may have a resource of
 * the same name. Assumed if the log does not state the group.
 */
export function isOfCertificates(event: AuditEvent): boolean {
  return (stringAt(event, 'objectRef', 'apiGroup') ?? certificatesGroup) === certificatesGroup;
}

/** Whether the object is a CertificateSigningRequest. */
export function isCsr({
  event,
  resource,
}: {
  readonly event: AuditEvent;
  readonly resource?: string;
}): boolean {
  return resource === 'certificatesigningrequests' && isOfCertificates(event);
}
