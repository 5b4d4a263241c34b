import type { AuditEvent } from '../audit/audit-record.ts';
import { credentialIdKey } from '../audit/credential-id.ts';
import { stringsAt } from '../json/read-json.ts';

const certificateId = /^X509SHA256=([0-9a-f]{64})$/;

/**
 * The fingerprints of the client certificates that authenticated a request: more than one if a proxy adds its own. If the
 * request impersonates another user, they are still the caller's: `user` is the caller.
 */
export function usedCertificatesOf(event: AuditEvent): string[] {
  return stringsAt(event, 'user', 'extra', credentialIdKey).flatMap(
    (id) => certificateId.exec(id)?.[1] ?? [],
  );
}
