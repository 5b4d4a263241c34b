import type { ConfigInput } from '../infra/config.ts';

/** Two EKS clusters, audit logs of other clusters in a bucket, and three channels for people. */
export default {
  logGroups: [{ name: '/aws/eks/prod/cluster' }, { name: '/aws/eks/staging/cluster' }],
  // a key such as audit/onprem/2026/11/23/audit.log.gz names the cluster
  buckets: [{ name: 'my-audit-logs', prefix: 'audit/', keyPattern: 'audit/{cluster}/' }],
  emails: ['security@example.com'],
  channels: [
    { name: 'slack', rendering: 'chat', minSeverity: 'medium' },
    // the URL of the on-call tool contains a key, so it stays in Secrets Manager
    { name: 'oncall', rendering: 'alarm', minSeverity: 'high', https: [{ secret: 'csrwatch/oncall-url' }] },
  ],
  operationsEmails: ['platform@example.com'],
  rules: ['examples/rules'],
  exceptions: ['cert-manager', 'examples/exceptions/release-pipeline.toml'],
  canarySchedule: 'rate(1 day)',
} satisfies ConfigInput;
