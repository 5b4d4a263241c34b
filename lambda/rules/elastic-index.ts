/** Elastic's data stream of these logs; any namespace may follow. */
const dataStream = 'logs-kubernetes.audit_logs-';

/**
 * Whether one of a rule's index patterns can contain Kubernetes audit logs: `logs-*`, `logs-kubernetes.*`,
 * `remote:logs-kubernetes.audit_logs-prod`; `-name` excludes an index.
 */
export function readsAuditLogs(patterns: readonly string[]): boolean {
  return patterns
    .filter((pattern) => !pattern.startsWith('-'))
    .map((pattern) => pattern.replace(/^[^:]*:/, ''))
    .some((pattern) => {
      const start = pattern.split('*')[0] ?? '';
      return start.startsWith(dataStream) || (pattern.includes('*') && dataStream.startsWith(start));
    });
}
