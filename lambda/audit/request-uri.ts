import type { AuditEvent } from './audit-record.ts';

/**
 * The object that a request is about, as kube-apiserver's audit log writes it.
 * @param uri - `/apis/GROUP/VERSION[/namespaces/NS]/RESOURCE[/NAME[/SUBRESOURCE]]`, percent-encoded or not, or its beginning
 */
export function objectRefOfUri(uri: string): AuditEvent | undefined {
  const path = (uri.split('?', 1)[0] ?? '')
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const [root, ...rest] = path;
  if (root !== 'api' && root !== 'apis') return undefined;
  const apiGroup = root === 'apis' ? rest.shift() : undefined;
  const apiVersion = rest.shift();
  const namespace = rest[0] === 'namespaces' && rest.length > 2 ? rest.splice(0, 2)[1] : undefined;
  const [resource, name, subresource] = rest;
  const fields = Object.entries({ resource, namespace, name, apiGroup, apiVersion, subresource });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}
