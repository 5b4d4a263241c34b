import { eksClusterOf } from '../audit/eks-log-group.ts';
import { isOfCertificates } from './csr-resource.ts';
import type { Finding, Subject } from './finding.ts';

/** The kind of certificate that a request is for, according to its signer and usages. */
export type CertificateKind = 'client' | 'server' | 'unknown';

export function certificateKind({ request }: Finding): CertificateKind {
  const { signerName = '', usages = [] } = request;
  if (/^kubernetes\.io\/kube-apiserver-client(-kubelet)?$/.test(signerName)) return 'client';
  if (signerName === 'kubernetes.io/kubelet-serving' || signerName === eksSigner) return 'server';
  if (usages.includes('client auth')) return 'client';
  return usages.includes('server auth') ? 'server' : 'unknown';
}

/** The one signer that EKS runs for its customers. */
const eksSigner = 'beta.eks.amazonaws.com/app-serving';

/** Only EKS's own names prove it. A role's ARN does not: the IAM authenticator runs on other clusters too. */
export function isOnEks({ place, actor, request }: Finding): boolean {
  const { origin } = place;
  return (
    (origin.kind === 'log-stream' && eksClusterOf(origin.logGroup) !== undefined) ||
    request.signerName === eksSigner ||
    actor.name?.startsWith('eks:') === true
  );
}

/** EKS accepts such requests and their approval, but signs nothing. */
export function isEksAttempt(finding: Finding): boolean {
  return isOnEks(finding) && finding.request.signerName === 'kubernetes.io/kube-apiserver-client';
}

/** Kubernetes' own signers use the cluster's CA, any other signer its own. An unknown signer is assumed to use the cluster's. */
export function isSignedByCluster({ request }: Finding): boolean {
  return request.signerName === undefined || request.signerName.startsWith('kubernetes.io/');
}

/** The signers that are part of the cluster: they issue what another user requested. */
const ownSigners =
  /^(system:kube-controller-manager|system:serviceaccount:kube-system:certificate-controller|eks:.*)$/s;

/** The user to name, ask and contain. For an issuance by the cluster itself this is the requester. */
export function suspectOf(finding: Finding): string | null {
  return finding.phase === 'issued' && ownSigners.test(finding.actor.name ?? '')
    ? (finding.request.requester ?? null)
    : finding.actor.name;
}

/** The subject of the certificate: once issued, as it was signed, which may differ from what was requested. */
export function subjectOf({ certificate, request }: Finding): Subject | undefined {
  return certificate?.subject ?? request.subject;
}

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
