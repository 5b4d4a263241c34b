/** A search in the audit log, for files and for CloudWatch Logs Insights. Both contain placeholders. */
export interface Search {
  readonly scan: string;
  readonly insights: string;
}

/** csrwatch's own search command. */
export const scanCommand = 'npx csrwatch scan ';

/** In log files. */
function scanFor(kql: string): string {
  return `${scanCommand}--query '${kql}' FILE`;
}

const shownFields = 'fields @timestamp, verb, requestURI, sourceIPs.0 | sort @timestamp';

/**
 * Every later use of a certificate: since Kubernetes 1.32 the event of a login contains its fingerprint. The Insights
 * query searches the message, since Insights does not discover a field with dots and a slash in its name.
 */
export const laterUse: Search = {
  scan: scanFor(
    'kubernetes.audit.user.extra.authentication.kubernetes.io/credential-id:"X509SHA256=FINGERPRINT"',
  ),
  insights: `filter @message like "X509SHA256=FINGERPRINT" | ${shownFields}`,
};

/** Everything that a user did. */
export function actionsOf(user: 'USER-NAME' | 'REQUESTER-NAME'): Search {
  return {
    scan: scanFor(`user.name:"${user}"`),
    insights: `filter user.username = "${user}" | ${shownFields}`,
  };
}

/** What was done to one request, or to all requests if many were deleted at once. */
export function actionsOnRequests(one: boolean): Search {
  const kql = one
    ? 'kubernetes.audit.objectRef.name:"CSR-NAME"'
    : 'not kubernetes.audit.verb:(get or list or watch)';
  const insights = one ? 'objectRef.name = "CSR-NAME"' : 'verb not in ["get", "list", "watch"]';
  return {
    scan: scanFor(`kubernetes.audit.objectRef.resource:"certificatesigningrequests" and ${kql}`),
    insights: `filter objectRef.resource = "certificatesigningrequests" and ${insights} | fields @timestamp, verb, objectRef.name, objectRef.subresource, user.username | sort @timestamp`,
  };
}
