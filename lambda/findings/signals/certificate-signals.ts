import { clusterSigners } from '../actor-and-request.ts';
import {
  apiServerClient,
  appServing,
  certificateUse,
  clientUsages,
  isNodeCertificate,
  isOnEks,
} from '../certificate-use.ts';
import {
  type Circumstances,
  few,
  inWords,
  isUnderWay,
  named,
  type ReadSignal,
  short,
} from './circumstances.ts';

export const apiServerClientSigner: ReadSignal = (about) => {
  if (!isUnderWay(about) || about.request.signerName !== apiServerClient) return undefined;
  return {
    id: 'api-server-client-signer',
    sentence: loginSentence(about),
    evidence: apiServerClient,
  };
};

function loginSentence(about: Circumstances): string {
  if (isOnEks(about)) {
    return `Certificates of the signer ${apiServerClient} are logins to the API server, but EKS issues none, even after approval: this is only an attempt.`;
  }
  const which = about.phase === 'issued' ? 'The certificate' : 'Once approved, the certificate';
  return `${which} is a login to the API server, because its signer is ${apiServerClient}. On EKS, none is issued.`;
}

export const appServingSigner: ReadSignal = (about) => {
  if (!isUnderWay(about) || about.request.signerName !== appServing) return undefined;
  const { dnsNames = [], ipAddresses = [] } = about.request.subject ?? about.certificate?.subject ?? {};
  const names = [...dnsNames, ...ipAddresses];
  const server = names.length > 0 ? inWords(names) : 'a service of the cluster';
  return {
    id: 'app-serving-signer',
    sentence: `EKS issues certificates of this signer after approval. They are server certificates, so no one can log in with them, but their holder can impersonate ${server}.`,
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
  /^(?:system:node:|system:bootstrap:|system:kube-controller-manager$|system:kube-scheduler$|kubelet-bootstrap$)/;

function isSystemRequester(about: Circumstances, requester: string): boolean {
  const { requesterClaimed } = about.request;
  // the cluster's own signer writes back the object that it read; no other client's claim counts
  if (requesterClaimed && !clusterSigners.test(about.actor.name ?? '')) return false;
  return systemRequester.test(requester) || (isOnEks(about) && requester.startsWith('eks:'));
}

export const issuedToNonSystem: ReadSignal = (about) => {
  const { phase, outcome, request, certificate } = about;
  if (phase !== 'issued' || outcome !== 'succeeded' || certificateUse(request) !== 'login') return undefined;
  const { requester, requesterClaimed } = request;
  const subject = certificate?.subject ?? request.subject;
  if (requester === undefined || isSystemRequester(about, requester)) return undefined;
  if (subject && isNodeCertificate(about, subject)) return undefined;
  const until = certificate?.notAfter ? ` until ${certificate.notAfter}` : '';
  const claim = requesterClaimed ? ' (as the client claims)' : '';
  return {
    id: 'issued-to-non-system',
    sentence: `A client certificate was issued to ${named(requester)}${claim}, which is not a component of the cluster. The certificate stays valid${until}, even if that account is disabled.`,
    evidence: { requester: short(requester), ...(certificate ? { sha256: certificate.sha256 } : {}) },
    raisesTo: 'critical',
  };
};

/** Whoever may write to `status` can put any certificate there, such as one of the control plane. */
export const certificateNotForRequest: ReadSignal = ({ phase, reading, certificate }) => {
  const { certificateKeyDigest, request } = reading;
  if (phase !== 'issued' || certificateKeyDigest === undefined || request.keyDigest === undefined)
    return undefined;
  if (certificateKeyDigest === request.keyDigest) return undefined;
  return {
    id: 'certificate-not-for-request',
    sentence:
      "The certificate's public key is not the request's, so the requester cannot log in with the certificate: a signer made a mistake, or the client that wrote the certificate planted that of another identity. csrwatch does not follow this certificate.",
    evidence: certificate === undefined ? {} : { sha256: certificate.sha256 },
  };
};
