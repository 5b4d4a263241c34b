import {
  type CertificateUse,
  certificateUse,
  isEksAttempt,
  isOnEks,
  isSignedByCluster,
  issuedCertificateOf,
  subjectOf,
  suspectOf,
} from '../../findings/certificate-use.ts';
import type { Finding, Phase } from '../../findings/finding.ts';
import { plainTextStyle } from '../../text/quoted-text.ts';
import { timeText } from '../../text/time-text.ts';
import type { Show } from '../../text/visible-text.ts';
import { certificateNames, certificateText } from './certificate-text.ts';

/** How a phase of a certificate request is worded. */
export interface PhaseWording {
  /** After the user: what was done. */
  readonly past: string;
  /** After `tried to`: the same as an attempt. */
  readonly infinitive: string;
  /** The object of the verb in a full sentence. */
  readonly object: (finding: Finding, quote: Show) => string;
  /** The object where space is short. */
  readonly shortObject: (finding: Finding, quote: Show) => string;
  /** The sentence after a success: what follows from it. */
  readonly consequence: (finding: Finding) => string;
}

const phases: Readonly<Record<Phase, PhaseWording>> = {
  requested: {
    past: 'requested',
    infinitive: 'request',
    object: (finding, quote) =>
      subjectOf(finding) || !finding.request.name
        ? certificateText(finding, quote)
        : `${certificateText(finding, quote)} (${requestText(finding, quote, 'request')})`,
    shortObject: namesOrCsr,
    consequence: (finding) => (isEksAttempt(finding) ? eksSignsNone : 'Pending approval.'),
  },
  approved: {
    past: 'approved',
    infinitive: 'approve',
    object: (finding, quote) =>
      `${requestText(finding, quote, isSelfApproval(finding) ? 'its own request' : 'the request')} for ${certificateText(finding, quote)}`,
    shortObject: (finding, quote) =>
      `${isSelfApproval(finding) ? 'its own ' : ''}${namesOrCsr(finding, quote, isSelfApproval(finding) ? 'CSR' : 'a CSR')}`,
    consequence: (finding) =>
      isEksAttempt(finding)
        ? eksSignsNone
        : `${signerText(finding)} signs it within seconds: assume that the certificate has been issued.`,
  },
  denied: {
    past: 'denied',
    infinitive: 'deny',
    object: (finding, quote) =>
      `${requestText(finding, quote, 'the request')} for ${certificateText(finding, quote)}`,
    shortObject: csrText,
    consequence: () => 'No certificate is issued for a denied request.',
  },
  decided: {
    past: 'approved or denied',
    infinitive: 'approve or deny',
    object: (finding, quote) => requestText(finding, quote, 'the request'),
    shortObject: csrText,
    consequence: () => 'The log has no body, so the decision is unknown.',
  },
  issued: {
    past: 'issued',
    infinitive: 'issue',
    object: issuedObject,
    shortObject: issuedShortObject,
    consequence: (finding) => {
      const power = powers[certificateUse(finding.request)];
      const certificate = issuedCertificateOf(finding);
      const until = certificate?.notAfter ? ` until ${timeText(certificate.notAfter, plainTextStyle)}` : '';
      return `The holder of its key ${power}${until}.`;
    },
  },
  modified: {
    past: 'changed',
    infinitive: 'change',
    object: (finding, quote) => requestText(finding, quote, 'the request'),
    shortObject: csrText,
    consequence: () => 'It succeeded.',
  },
  deleted: {
    past: 'deleted',
    infinitive: 'delete',
    object: (finding, quote) =>
      isBulk(finding) ? 'certificate requests in bulk' : requestText(finding, quote, 'the request'),
    shortObject: (finding, quote) => (isBulk(finding) ? 'CSRs in bulk' : csrText(finding, quote)),
    consequence: () => 'A certificate that was already issued stays valid.',
  },
};

/** An issuance by the cluster's own signer: the alert is about the requester. */
const received: PhaseWording = { ...phases.issued, past: 'received', infinitive: 'receive' };

export function phaseWording(finding: Finding): PhaseWording {
  return isReceived(finding) ? received : phases[finding.phase];
}

/** What the holder of an issued certificate can do. */
const powers: Readonly<Record<CertificateUse, string>> = {
  login: 'can log in to the cluster',
  server: 'can impersonate that server',
  other: 'can use it with services that trust its signer',
  unknown: 'may be able to log in to the cluster',
};

const eksSignsNone = 'An attempt: EKS signs no client certificates, even after approval.';

function isReceived(finding: Finding): boolean {
  return finding.phase === 'issued' && suspectOf(finding) !== finding.actor.name;
}

function isSelfApproval({ signals }: Finding): boolean {
  return signals.some(({ id }) => id === 'self-approval');
}

function isBulk({ verb }: Finding): boolean {
  return verb === 'deletecollection';
}

function requestText({ request }: Finding, quote: Show, noun: string): string {
  return request.name ? `${noun} ${quote(request.name, 80)}` : noun;
}

function issuedObject(finding: Finding, quote: Show): string {
  const { requester } = finding.request;
  const by = requester && !isReceived(finding) ? `, requested by ${quote(requester, 100)}` : '';
  return `${certificateText(finding, quote)} (${requestText(finding, quote, 'request')}${by})`;
}

function issuedShortObject(finding: Finding, quote: Show): string {
  return certificateNames(finding, 1, quote) || `a certificate (${csrText(finding, quote, 'CSR')})`;
}

function csrText({ request }: Finding, quote: Show, unnamed = 'a CSR'): string {
  return request.name ? `CSR ${quote(request.name, 30)}` : unnamed;
}

function namesOrCsr(finding: Finding, quote: Show, unnamed?: string): string {
  return certificateNames(finding, 1, (text) => quote(text, 34)) || csrText(finding, quote, unnamed);
}

function signerText(finding: Finding): string {
  if (isOnEks(finding)) return 'EKS';
  return isSignedByCluster(finding) ? 'The cluster' : 'Its signer';
}
