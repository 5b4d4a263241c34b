/** The rule that finds canaries, and the log stream and the folder in a bucket that only canaries write to. */
export const canaryName = 'csrwatch-canary';

/** The name of the request in a canary whose finding is critical, so that it reaches every channel. */
export const testAlertName = 'csrwatch-test-alert';

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
 * server writes, so an attacker's event can't pass for it, and the no-data alarm of a log group doesn't count it.
 * @param auditId - found again in the alert
 * @param now - RFC 3339
 * @param name - of the request that it is about
 */
export function canaryEvent(
  auditId: string,
  now: string,
  name: typeof canaryName | typeof testAlertName = canaryName,
): string {
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: auditId,
    stage: canaryName,
    requestURI: `/apis/certificates.k8s.io/v1/certificatesigningrequests/${name}`,
    verb: canaryName,
    user: { username: canaryName, groups: [canaryName] },
    userAgent: `${canaryName} (a test: nothing happened)`,
    objectRef: {
      resource: 'certificatesigningrequests',
      name,
      apiGroup: 'certificates.k8s.io',
      apiVersion: 'v1',
    },
    requestReceivedTimestamp: now,
    stageTimestamp: now,
  });
}
