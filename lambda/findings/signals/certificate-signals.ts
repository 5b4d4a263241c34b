import { type Circumstances, few, inWords, isUnderWay, type ReadSignal, short } from './circumstances.ts';
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
  const signer = `Signer ${apiServerClient}`;
  if (eks === 'certain') {
    return `${signer} makes logins to the API server, but EKS issues none, even once approved: an attempt.`;
  }
  const which = phase === 'issued' ? 'the certificate' : 'once approved, the certificate';
  const onEks =
    eks === 'likely'
      ? '. If this is EKS, as the caller suggests, none is issued: an attempt'
      : ' (but on EKS none is issued)';
  return `${signer}: ${which} is a login to the API server${onEks}.`;
}

export const appServingSigner: ReadSignal = (about) => {
  if (!isUnderWay(about) || about.request.signerName !== appServing) return undefined;
  const { dnsNames = [], ipAddresses = [] } = about.request.subject ?? about.certificate?.subject ?? {};
  const names = [...dnsNames, ...ipAddresses];
  const whom = names.length > 0 ? inWords(names) : 'a service of the cluster';
  return {
    id: 'app-serving-signer',
    sentence: `EKS does issue certificates of this signer once approved. They are for servers, not for logging in: whoever holds one can pose as ${whom}.`,
    evidence: few(names),
  };
};

export const clientAuthUsage: ReadSignal = (about) => {
  const found = about.request.usages?.filter((usage) => clientUsages.includes(usage)) ?? [];
  if (!isUnderWay(about) || found.length === 0) return undefined;
  return {
    id: 'client-auth-usage',
    sentence: `The certificate is meant for logging in: its usages include ${found.join(' and ')}.`,
    evidence: few(found),
  };
};

/** Nodes, whoever bootstraps them, and the control plane: they are issued client certificates day by day. */
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
    sentence: `A client certificate was issued to ${short(requester)}, no component of the cluster: it works${until}, even if that account is closed.`,
    evidence: { requester: short(requester), ...(certificate ? { sha256: certificate.sha256 } : {}) },
    raisesTo: 'critical',
  };
};
