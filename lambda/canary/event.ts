/**
 * A harmless audit event that only the rule `csrwatch-canary` finds. Neither its verb nor its stage is one that an API
 * server writes: no attacker's event passes for it, and it doesn't count as a sign of life of a cluster's audit log.
 * @param auditId - found again in the page
 * @param now - RFC 3339
 */
export function canaryEvent(auditId: string, now: string): string {
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: auditId,
    stage: 'csrwatch-canary',
    requestURI: '/apis/certificates.k8s.io/v1/certificatesigningrequests/csrwatch-canary',
    verb: 'csrwatch-canary',
    user: { username: 'csrwatch-canary', groups: ['csrwatch-canary'] },
    userAgent: 'csrwatch-canary (a test: nothing happened)',
    objectRef: {
      resource: 'certificatesigningrequests',
      name: 'csrwatch-canary',
      apiGroup: 'certificates.k8s.io',
      apiVersion: 'v1',
    },
    requestReceivedTimestamp: now,
    stageTimestamp: now,
  });
}
