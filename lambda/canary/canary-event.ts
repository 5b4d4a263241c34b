/** The log stream, and the folder in a bucket, that canaries write to and nobody else; the rule that finds them. */
export const canaryName = 'csrwatch-canary';

/**
 * The key of a canary's object below the watched prefix. Each canary has its own: one that overwrote another's object would
 * be taken for an attempt to hide it.
 * @param id - `*` for the pattern of all keys
 */
export function canaryKey(prefix: string, id: string): string {
  return `${prefix}${canaryName}/${id}.ndjson`;
}

/** Whether a canary may have written the object. */
export function isCanaryKey(key: string): boolean {
  return new RegExp(`${canaryName}/[\\w-]+\\.ndjson$`).test(key);
}

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
    stage: canaryName,
    requestURI: `/apis/certificates.k8s.io/v1/certificatesigningrequests/${canaryName}`,
    verb: canaryName,
    user: { username: canaryName, groups: [canaryName] },
    userAgent: `${canaryName} (a test: nothing happened)`,
    objectRef: {
      resource: 'certificatesigningrequests',
      name: canaryName,
      apiGroup: 'certificates.k8s.io',
      apiVersion: 'v1',
    },
    requestReceivedTimestamp: now,
    stageTimestamp: now,
  });
}
