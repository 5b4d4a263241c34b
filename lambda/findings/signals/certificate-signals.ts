import {
  type Circumstances,
  few,
  inWords,
  isUnderWay,
  named,
  type ReadSignal,
  short,
} from './circumstances.ts';
import { apiServerClient, appServing, kubeletClient } from './eks-evidence.ts';

const clientUsages = ['client auth', 'any'];

export const apiServerClientSigner: ReadSignal = (about) => {
  if (!isUnderWay(about) || about.request.signerName !== apiServerClient) return undefined;
  return {
    id: 'api-server-client-signer',
    sentence: loginSentence(about),
    evidence: apiServerClient,
  };
};

function loginSentence({ eks, phase }: Circumstances): string {
  if (eks === 'certain') {
    return `Certificates of the signer ${apiServerClient} are logins to the API server, but EKS issues none, even after approval: this is an attempt.`;
  }
  const which = phase === 'issued' ? 'The certificate' : 'Once approved, the certificate';
  const onEks =
    eks === 'likely'
      ? 'If this is EKS, as the user suggests, none is issued, and this is an attempt.'
      : 'EKS issues none.';
  return `${which} is a login to the API server, because its signer is ${apiServerClient}. ${onEks}`;
}

export const appServingSigner: ReadSignal = (about) => {
  if (!isUnderWay(about) || about.request.signerName !== appServing) return undefined;
  const { dnsNames = [], ipAddresses = [] } = about.request.subject ?? about.certificate?.subject ?? {};
  const names = [...dnsNames, ...ipAddresses];
  const server = names.length > 0 ? inWords(names) : 'a service of the cluster';
  return {
    id: 'app-serving-signer',
    sentence: `EKS issues certificates of this signer after approval. They are server certificates and cannot log in: the holder can impersonate ${server}.`,
    evidence: few(names),
  };
};

export const clientAuthUsage: ReadSignal = (about) => {
  const found = about.request.usages?.filter((usage) => clientUsages.includes(usage)) ?? [];
  if (!isUnderWay(about) || found.length === 0) return undefined;
  return {
    id: 'client-auth-usage',
    sentence: `The certificate is for client authentication: its usages include ${found.join(' and ')}.`,
    evidence: few(found),
  };
};

/** Nodes, their bootstrap identities, and the control plane: they receive client certificates every day. */
const systemRequester =
  /^(system:node:|system:bootstrap:|eks:|system:kube-controller-manager$|system:kube-scheduler$|kubelet-bootstrap$)/;

export const issuedToNonSystem: ReadSignal = (about) => {
  const { phase, outcome, request, certificate } = about;
  if (phase !== 'issued' || outcome !== 'succeeded') return undefined;
  const isClient =
    request.signerName === apiServerClient ||
    request.signerName === kubeletClient ||
    request.usages?.some((usage) => clientUsages.includes(usage));
  const { requester } = request;
  if (!isClient || requester === undefined || systemRequester.test(requester)) return undefined;
  const until = certificate ? ` until ${certificate.notAfter}` : '';
  return {
    id: 'issued-to-non-system',
    sentence: `A client certificate was issued to ${named(requester)}, which is not a component of the cluster. It is valid${until} even if that account is disabled.`,
    evidence: { requester: short(requester), ...(certificate ? { sha256: certificate.sha256 } : {}) },
    raisesTo: 'critical',
  };
};
