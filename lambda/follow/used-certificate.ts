import type { AuditEvent } from '../audit/audit-record.ts';
import { stringsAt } from '../json/read-json.ts';

/** Set by the API server since Kubernetes 1.32 for the credential of each request; a client cannot write into it. */
const credentialId = 'authentication.kubernetes.io/credential-id';
const certificateId = /^X509SHA256=([0-9a-f]{64})$/;

/**
 * The fingerprint of the client certificate that authenticated a request. If the request impersonates another user, it is
 * still the caller's: `user` is the caller.
 */
export function usedCertificateOf(event: AuditEvent): string | undefined {
  for (const id of stringsAt(event, 'user', 'extra', credentialId)) {
    const fingerprint = certificateId.exec(id)?.[1];
    if (fingerprint !== undefined) return fingerprint;
  }
  return undefined;
}
