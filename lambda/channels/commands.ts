import type { Finding } from '../findings/finding.ts';

/** Stands in a command for a name that must be typed in by hand. */
export const placeholders = {
  csr: 'CSR-NAME',
  user: 'USER-NAME',
  subject: 'SUBJECT-CN',
  object: 'OBJECT-NAME',
};

/**
 * The request's name as it may stand in a shell and be an object's name at the API server, else a placeholder: the
 * API server takes nearly any text for a CSR's name, `$(reboot)` too.
 */
export function csrName({ request }: Finding): string {
  return isSafeName(request.name) ? request.name : placeholders.csr;
}

export function isSafeName(name: string | undefined): name is string {
  return name !== undefined && name.length <= 253 && /^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$/.test(name);
}

/** The same for the name of a user or group, which holds no quote, blank or backslash of the shell or of KQL. */
export function userName(name: string | null | undefined): string {
  return isSafeUser(name) ? name : placeholders.user;
}

export function isSafeUser(name: string | null | undefined): name is string {
  return typeof name === 'string' && name.length <= 256 && /^[A-Za-z0-9][A-Za-z0-9:._/@+=,#-]*$/.test(name);
}

/** A search in log files. */
export function scanCommand(kql: string): string {
  return `npm run -s scan -- --query '${kql}' FILE`;
}

/** A search in CloudWatch Logs Insights for events that hold a text, which has no quote in it. */
function insightsQuery(text: string): string {
  return `filter @message like "${text}" | fields @timestamp, verb, requestURI, sourceIPs.0 | sort @timestamp`;
}

const credentialId = 'kubernetes.audit.user.extra.authentication.kubernetes.io/credential-id';

/** Every later use of a certificate: a login with it shows its fingerprint. */
export function laterUseOfCertificate(sha256: string): { readonly scan: string; readonly insights: string } {
  const id = `X509SHA256=${/^[0-9a-f]{64}$/.test(sha256) ? sha256 : 'FINGERPRINT'}`;
  return { scan: scanCommand(`${credentialId}:"${id}"`), insights: insightsQuery(id) };
}

/** Everything that a user did. */
export function deedsOfUser(name: string | null | undefined): {
  readonly scan: string;
  readonly insights: string;
} {
  const user = userName(name);
  return {
    scan: scanCommand(`user.name:"${user}"`),
    insights: `filter user.username = "${user}" | fields @timestamp, verb, requestURI, sourceIPs.0 | sort @timestamp`,
  };
}

/** `system:serviceaccount:NAMESPACE:NAME`, both as Kubernetes takes them. */
export function serviceAccount(
  name: string | null,
): { readonly namespace: string; readonly name: string } | undefined {
  const label = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
  const found = new RegExp(`^system:serviceaccount:(${label}):(${label}(?:\\.${label})*)$`).exec(name ?? '');
  const [, namespace, account] = found ?? [];
  return namespace && account ? { namespace, name: account } : undefined;
}
