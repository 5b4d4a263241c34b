import type { IssuedCertificate } from './finding.ts';

type Fingerprint = Pick<IssuedCertificate, 'sha256'>;

/** How the API server names a certificate in `user.extra["authentication.kubernetes.io/credential-id"]` (from 1.32). */
function credentialId({ sha256 }: Fingerprint): string {
  return `X509SHA256=${sha256}`;
}

/** The condition, in KQL, that every later use of a certificate meets: for `scan --query`, or a rule. */
export function credentialUseKql(certificate: Fingerprint): string {
  return `kubernetes.audit.user.extra.authentication.kubernetes.io/credential-id:"${credentialId(certificate)}"`;
}

/**
 * The same for CloudWatch Logs Insights, over the cluster's log group. It searches the text of the message: a field
 * with dots and a slash in its name is not among those that Insights finds by itself.
 */
export function credentialUseInsights(certificate: Fingerprint): string {
  return [
    'fields @timestamp, verb, requestURI, user.username, sourceIPs.0, userAgent',
    `| filter @message like "${credentialId(certificate)}"`,
    '| sort @timestamp asc',
    '| limit 1000',
  ].join('\n');
}
