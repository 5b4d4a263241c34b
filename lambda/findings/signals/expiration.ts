import type { IssuedCertificate } from '../finding.ts';
import { type Circumstances, isUnderWay, type ReadSignal } from './circumstances.ts';
import { appServing } from './eks-evidence.ts';

/** Much longer than a day's work, and nothing can revoke the certificate before. */
const longestUsualSeconds = 7 * 24 * 3_600;

/** How long it will be valid says nothing of what was refused. */
function canLast(about: Circumstances): boolean {
  return isUnderWay(about) && about.outcome !== 'refused';
}

export const longExpiration: ReadSignal = (about) => {
  const { certificate, request } = about;
  const seconds = certificate ? validSeconds(certificate) : request.expirationSeconds;
  if (!canLast(about) || seconds === undefined || seconds <= longestUsualSeconds) return undefined;
  const what = certificate ? 'The certificate is valid for' : 'It asks for a certificate of';
  return {
    id: 'long-expiration',
    sentence: `${what} ${Math.round(seconds / 86_400)} days, which Kubernetes cannot revoke.`,
    evidence: certificate
      ? { notBefore: certificate.notBefore, notAfter: certificate.notAfter }
      : { expirationSeconds: seconds },
  };
};

function validSeconds({ notBefore, notAfter }: IssuedCertificate): number {
  return (Date.parse(notAfter) - Date.parse(notBefore)) / 1_000;
}

export const noExpiration: ReadSignal = (about) => {
  const { certificate, request } = about;
  // without a signer there was no body to tell it from; an issued certificate says itself how long it lasts
  if (!canLast(about) || certificate || request.signerName === undefined) return undefined;
  if (request.expirationSeconds !== undefined) return undefined;
  const isCustom = !request.signerName.startsWith('kubernetes.io/') && request.signerName !== appServing;
  const limit = isCustom ? 'as its signer chooses' : 'as the cluster signs, by default a year';
  return {
    id: 'no-expiration',
    sentence: `No expirationSeconds is set: the certificate will be valid for as long ${limit}.`,
  };
};
