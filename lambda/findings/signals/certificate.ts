import { type Circumstances, few, inWords, isUnderWay, type ReadSignal, short } from './circumstances.ts';
import { apiServerClient, appServing, kubeletClient } from './eks.ts';

const clientUsages = ['client auth', 'any'];

export const apiServerClientSigner: ReadSignal = (about) => {
  if (!isUnderWay(about) || about.request.signerName !== apiServerClient) return undefined;
  return {
    id: 'api-server-client-signer',
    sentence: `${loginSentence(about)}`,
    evidence: apiServerClient,
  };
};

function loginSentence({ eks, phase }: Circumstances): string {
  if (eks === 'certain') {
    return `An attempt: the signer ${apiServerClient} makes logins to the API server, and EKS issues none for it, even once approved.`;
  }
  const isIssued = phase === 'issued' ? 'The certificate is' : 'Once approved, the certificate is';
  const onEks =
    eks === 'likely' ? '. If this is EKS, as the caller suggests, none is issued' : '. Only EKS issues none';
  return `${isIssued} a login to the API server, by its signer ${apiServerClient}${onEks}.`;
}

export const appServingSigner: ReadSignal = (about) => {
  if (!isUnderWay(about) || about.request.signerName !== appServing) return undefined;
  const { dnsNames = [], ipAddresses = [] } = about.request.subject ?? about.certificate?.subject ?? {};
  const names = [...dnsNames, ...ipAddresses];
  const whom = names.length > 0 ? inWords(names) : 'a service of the cluster';
  return {
    id: 'app-serving-signer',
    sentence: `EKS issues certificates of this signer once approved. They are for servers, no logins: the holder can pose as ${whom}.`,
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

/** A day's work ends within it; nothing can revoke the certificate before. */
const longestUsualSeconds = 7 * 24 * 3_600;

export const longExpiration: ReadSignal = (about) => {
  const seconds = about.certificate ? validSeconds(about.certificate) : about.request.expirationSeconds;
  if (!isUnderWay(about) || seconds === undefined || seconds <= longestUsualSeconds) return undefined;
  const days = Math.round(seconds / 86_400);
  const what = about.certificate ? 'The certificate is valid' : 'The certificate is asked for as valid';
  return {
    id: 'long-expiration',
    sentence: `${what} for ${days} days, and Kubernetes cannot revoke it.`,
    evidence: about.certificate
      ? { notBefore: about.certificate.notBefore, notAfter: about.certificate.notAfter }
      : { expirationSeconds: seconds },
  };
};

function validSeconds({
  notBefore,
  notAfter,
}: {
  readonly notBefore: string;
  readonly notAfter: string;
}): number {
  return (Date.parse(notAfter) - Date.parse(notBefore)) / 1_000;
}

export const noExpiration: ReadSignal = (about) => {
  const { expirationSeconds, signerName } = about.request;
  // without the signer there was no body to tell it from; an issued certificate says itself how long it lasts
  if (
    !isUnderWay(about) ||
    about.certificate ||
    signerName === undefined ||
    expirationSeconds !== undefined
  ) {
    return undefined;
  }
  return {
    id: 'no-expiration',
    sentence:
      'No expirationSeconds is set: the certificate will be valid for as long as the cluster signs, by default a year.',
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
    sentence: `A client certificate was issued to ${short(requester)}, who is no component of the cluster: it works${until}, whatever becomes of that account.`,
    evidence: { requester: short(requester), ...(certificate ? { sha256: certificate.sha256 } : {}) },
    raisesTo: 'critical',
  };
};
