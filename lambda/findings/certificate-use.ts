import type { Place } from '../audit/audit-record.ts';
import { eksClusterOf } from '../audit/eks-log-group.ts';
import { clusterSigners } from './actor-and-request.ts';
import type { Certificate, CsrRequest, EventFacts, Finding, Subject } from './finding.ts';

/** The signers whose certificates the API server accepts as a login. */
export const apiServerClient = 'kubernetes.io/kube-apiserver-client';
const kubeletClient = 'kubernetes.io/kube-apiserver-client-kubelet';
const loginSigners: readonly string[] = [apiServerClient, kubeletClient, 'kubernetes.io/legacy-unknown'];
const kubeletServing = 'kubernetes.io/kubelet-serving';
/**
 * EKS's own, the only one that works there: for any subject, at most a year, server certificates only
 * (https://docs.aws.amazon.com/eks/latest/userguide/cert-signing.html: "client certificate signing isn't supported").
 */
export const appServing = 'beta.eks.amazonaws.com/app-serving';

/**
 * What a certificate is good for. `login`: the API server accepts it as the subject's login. `server`: its holder can
 * answer as a server. `other`: the API server does not trust its signer. `unknown`: the log does not show the signer.
 */
export type CertificateUse = 'login' | 'server' | 'other' | 'unknown';

export function certificateUse({ signerName, usages }: CsrRequest): CertificateUse {
  const isServer = usages?.includes('server auth') === true;
  if (signerName === undefined) {
    if (usages === undefined) return 'unknown';
    return allowsClients(usages) ? 'login' : isServer ? 'server' : 'other';
  }
  if (loginSigners.includes(signerName) && allowsClients(usages)) return 'login';
  return isServer || signerName === kubeletServing || signerName === appServing ? 'server' : 'other';
}

export const clientUsages: readonly string[] = ['client auth', 'any'];

/** The usages that become extended key usages: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/ */
const extendedUsages: readonly string[] = [
  ...['server auth', 'code signing', 'email protection', 's/mime', 'timestamping', 'ocsp signing'],
  ...['ipsec end system', 'ipsec tunnel', 'ipsec user', 'microsoft sgc', 'netscape sgc'],
];

/** A certificate without any extended key usage is good for all of them, client authentication included. */
function allowsClients(usages: readonly string[] | undefined): boolean {
  if (usages === undefined) return true;
  return (
    usages.some((usage) => clientUsages.includes(usage)) ||
    !usages.some((usage) => extendedUsages.includes(usage))
  );
}

/** Identities that let a new node join before it has a certificate, on kubeadm, kind, AKS and OpenShift. */
const bootstrapIdentity =
  /^(?:system:bootstrap:.+|kubelet-bootstrap|system:serviceaccount:openshift-machine-config-operator:node-bootstrapper)$/s;
const bootstrapGroup = 'system:bootstrappers';

/** Whether a node, or the identity that lets it join, requests the node's own login: the daily routine of a cluster. */
export function isNodeCertificate(
  { request, actor }: Pick<EventFacts, 'request' | 'actor'>,
  subject: Subject,
): boolean {
  const { signerName, requester, requesterGroups = [], requesterClaimed } = request;
  // whoever impersonates a node is not the node
  if (actor.impersonated) return false;
  const { commonName, organizations } = subject;
  if (signerName !== kubeletClient || requester === undefined || requesterClaimed) return false;
  if (!commonName?.startsWith('system:node:')) return false;
  if (organizations.length !== 1 || organizations[0] !== 'system:nodes') return false;
  return (
    requester === commonName || bootstrapIdentity.test(requester) || requesterGroups.includes(bootstrapGroup)
  );
}

/**
 * Certain only for events from EKS's own log group, whose prefix AWS reserves. A user named `eks:…` or with an IAM
 * identity proves nothing: the IAM authenticator runs on other clusters too.
 */
export function isOnEks({ place }: { readonly place: Place }): boolean {
  const { origin } = place;
  return origin.kind === 'log-stream' && eksClusterOf(origin.logGroup) !== undefined;
}

/** EKS accepts such requests and their approval, but signs nothing. */
export function isEksAttempt(finding: Finding): boolean {
  return isOnEks(finding) && finding.request.signerName === apiServerClient;
}

/** Kubernetes' own signers use the cluster's CA, any other signer its own. An unknown signer is assumed to use the cluster's. */
export function isSignedByCluster({ request, issuance }: Finding): boolean {
  const { signerName } = issuance ?? request;
  return signerName === undefined || signerName.startsWith('kubernetes.io/');
}

/** The user to name, ask and contain. For an issuance by the cluster itself this is the requester. */
export function suspectOf(finding: EventFacts): string | null {
  return finding.phase === 'issued' && clusterSigners.test(finding.actor.name ?? '')
    ? (finding.request.requester ?? null)
    : finding.actor.name;
}

/**
 * The subject of the certificate that the event is about: once issued, as it was signed, which may differ from what was
 * requested. A certificate that authenticated the request is another one.
 */
export function subjectOf(facts: EventFacts): Subject | undefined {
  return issuedCertificateOf(facts)?.subject ?? facts.request.subject;
}

/** The certificate that the event issued. */
export function issuedCertificateOf({ certificate, issuance }: EventFacts): Certificate | undefined {
  return issuance ? undefined : certificate;
}
