import { isOfCertificates } from '../../findings/csr-resource.ts';
import type { Finding, Subject } from '../../findings/finding.ts';

/** What kind of certificate a request is for, as far as its signer and usages say. */
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

/** Certain where EKS's own names say so. A role's ARN doesn't: the IAM authenticator runs on other clusters too. */
export function isOnEks({ place, actor, request }: Finding): boolean {
  const { origin } = place;
  return (
    (origin.kind === 'log-stream' && /^\/aws\/eks\/[^/]+\/cluster$/.test(origin.logGroup)) ||
    request.signerName === eksSigner ||
    actor.name?.startsWith('eks:') === true
  );
}

/** EKS lets anyone with the right ask and approve, and then signs nothing. */
export function isEksAttempt(finding: Finding): boolean {
  return isOnEks(finding) && finding.request.signerName === 'kubernetes.io/kube-apiserver-client';
}

/** Kubernetes' own signers use the cluster's CA; any other has its own. A signer that the log lacks is taken for the worse. */
export function isSignedByCluster({ request }: Finding): boolean {
  return request.signerName === undefined || request.signerName.startsWith('kubernetes.io/');
}

/** The signers that are a part of the cluster: they issue what somebody else asked for. */
const ownSigners =
  /^(system:kube-controller-manager|system:serviceaccount:kube-system:certificate-controller|eks:.*)$/s;

/** Who is behind it, to be named, asked and stopped: of an issuance by the cluster itself it is whoever asked for it. */
export function suspectOf(finding: Finding): string | null {
  return finding.phase === 'issued' && ownSigners.test(finding.actor.name ?? '')
    ? (finding.request.requester ?? null)
    : finding.actor.name;
}

/** Who the certificate says its holder is: of an issued one what was signed, which need not be what was asked for. */
export function subjectOf({ certificate, request }: Finding): Subject | undefined {
  return certificate?.subject ?? request.subject;
}

/** The kinds of object that certificates are asked for with, in words. */
const nouns: Readonly<Record<string, string>> = {
  certificatesigningrequests: 'certificate request',
  podcertificaterequests: 'pod certificate request',
  clustertrustbundles: 'cluster trust bundle',
};

/** `certificate request`, or a resource of Kubernetes as it is written in RBAC: `pods/exec`. Not an attacker's text where it is known. */
export function nounOf({ resource, subresource, event }: Finding): {
  readonly known?: string;
  readonly asWritten: string;
} {
  const isOurs = resource !== undefined && Object.hasOwn(nouns, resource) && isOfCertificates(event);
  const known = isOurs ? nouns[resource] : undefined;
  const asWritten = [resource ?? 'something', ...(subresource === undefined ? [] : [subresource])].join('/');
  return known === undefined ? { asWritten } : { known, asWritten };
}
