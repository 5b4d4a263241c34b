/** A search through the audit log: in files, and in CloudWatch Logs Insights. Both have placeholders. */
export interface Search {
  readonly scan: string;
  readonly insights: string;
}

/** csrwatch's own search. */
export const scanCommand = 'npm run -s scan -- ';

/** In log files. */
function scanFor(kql: string): string {
  return `${scanCommand}--query '${kql}' FILE`;
}

const shownFields = 'fields @timestamp, verb, requestURI, sourceIPs.0 | sort @timestamp';

/**
 * Every later use of a certificate: from Kubernetes 1.32 a login with it shows its fingerprint. Insights searches the
 * message: a field with dots and a slash in its name is not among those that it finds by itself.
 */
export const laterUse: Search = {
  scan: scanFor(
    'kubernetes.audit.user.extra.authentication.kubernetes.io/credential-id:"X509SHA256=FINGERPRINT"',
  ),
  insights: `filter @message like "X509SHA256=FINGERPRINT" | ${shownFields}`,
};

/** Everything that a user did, by the placeholder of the name. */
export function actionsOf(user: 'USER-NAME' | 'REQUESTER-NAME'): Search {
  return {
    scan: scanFor(`user.name:"${user}"`),
    insights: `filter user.username = "${user}" | ${shownFields}`,
  };
}

/** What was done to requests: to one, or to all where many were deleted at once. */
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
