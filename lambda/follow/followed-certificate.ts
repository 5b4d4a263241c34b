import { certificateUse, isNodeCertificate } from '../findings/certificate-use.ts';
import { isCsr } from '../findings/csr-resource.ts';
import type { Certificate, EventFacts, FirstUse, Issuance } from '../findings/finding.ts';

/** A login certificate whose use is an incident, and what is known of its issuance. */
export interface FollowedCertificate {
  readonly certificate: Certificate;
  readonly cluster: string | null;
  readonly issuance: Issuance;
  /** Absent if no use is known. */
  readonly firstUse?: FirstUse;
}

/**
 * The certificate to follow after an event. `undefined` if the event issued none, and for a certificate that is no login,
 * that a node requested for itself, or whose key is not that of the request.
 */
export function certificateToFollow(facts: EventFacts): FollowedCertificate | undefined {
  const { phase, outcome, request, certificate, cluster, time, eventDigest, signals } = facts;
  if (!isCsr(facts) || phase !== 'issued' || certificate === undefined) return undefined;
  if (outcome === 'refused' || outcome === 'dry-run') return undefined;
  const use = certificateUse(request);
  if (use !== 'login' && use !== 'unknown') return undefined;
  const subject = certificate.subject ?? request.subject;
  if (subject && isNodeCertificate(facts, subject)) return undefined;
  if (signals.some(({ id }) => id === 'certificate-not-for-request')) return undefined;
  const { name, uid, signerName, requester } = request;
  return {
    certificate,
    cluster,
    issuance: {
      ...(time === undefined ? {} : { time }),
      ...(name === undefined ? {} : { csrName: name }),
      ...(uid === undefined ? {} : { csrUid: uid }),
      ...(signerName === undefined ? {} : { signerName }),
      ...(requester === undefined ? {} : { requester }),
      ...(request.key === undefined ? { requestMissing: true } : {}),
      eventDigest,
    },
  };
}
