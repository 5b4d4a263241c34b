import { isOfCertificates } from './csr-resource.ts';
import type { Finding } from './finding.ts';

/** The kinds of objects that request or distribute certificates, in words. */
const nouns: Readonly<Record<string, string>> = {
  certificatesigningrequests: 'certificate request',
  podcertificaterequests: 'pod certificate request',
  clustertrustbundles: 'cluster trust bundle',
};

/** `certificate request`, or a resource as RBAC writes it, such as `pods/exec`. Only `known` is never an attacker's text. */
export function nounOf({ resource, subresource, event }: Finding): {
  readonly known?: string;
  readonly asWritten: string;
} {
  const isOurs = resource !== undefined && Object.hasOwn(nouns, resource) && isOfCertificates(event);
  const known = isOurs ? nouns[resource] : undefined;
  const asWritten = [resource ?? 'something', ...(subresource === undefined ? [] : [subresource])].join('/');
  return known === undefined ? { asWritten } : { known, asWritten };
}
