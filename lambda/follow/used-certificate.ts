import type { AuditEvent } from '../audit/audit-record.ts';
import { stringsAt } from '../json/read-json.ts';

/** Set by the API server since Kubernetes 1.32 for the credential of each request; a client cannot write into it. */
const credentialId = 'authentication.kubernetes.io/credential-id';
const certificateId = /^X509SHA256=([0-9a-f]{64})$/;

/**
 * The fingerprints of the client certificates that authenticated a request: more than one if a proxy adds its own. If the
 * request impersonates another user, they are still the caller's: `user` is the caller.
 */
export function usedCertificatesOf(event: AuditEvent): string[] {
  return stringsAt(event, 'user', 'extra', credentialId).flatMap((id) => certificateId.exec(id)?.[1] ?? []);
}
