import { appServing } from '../certificate-use.ts';
import type { Certificate } from '../finding.ts';
import { type Circumstances, isUnderWay, type ReadSignal } from './circumstances.ts';

/** Usual certificates are shorter, and Kubernetes cannot revoke them. */
const longestUsualSeconds = 7 * 24 * 3_600;

/** The lifetime of a refused request is irrelevant. */
function canLast(about: Circumstances): boolean {
  return isUnderWay(about) && about.outcome !== 'refused';
}

export const longExpiration: ReadSignal = (about) => {
  const { certificate, request } = about;
  const seconds = certificate ? validSeconds(certificate) : request.expirationSeconds;
  if (!canLast(about) || seconds === undefined || seconds <= longestUsualSeconds) return undefined;
  const what = certificate ? 'The certificate is valid for' : 'The requested lifetime is';
  return {
    id: 'long-expiration',
    sentence: `${what} ${Math.round(seconds / 86_400)} days, and Kubernetes cannot revoke a certificate.`,
    evidence: certificate
      ? { notBefore: certificate.notBefore, notAfter: certificate.notAfter }
      : { expirationSeconds: seconds },
  };
};

function validSeconds({ notBefore, notAfter }: Certificate): number | undefined {
  if (notBefore === undefined || notAfter === undefined) return undefined;
  return (Date.parse(notAfter) - Date.parse(notBefore)) / 1_000;
}

export const noExpiration: ReadSignal = (about) => {
  const { certificate, request } = about;
  // a request without a signer had no body; an issued certificate has its own lifetime
  if (!canLast(about) || certificate || request.signerName === undefined) return undefined;
  if (request.expirationSeconds !== undefined) return undefined;
  const isCustom = !request.signerName.startsWith('kubernetes.io/') && request.signerName !== appServing;
  const limit = isCustom ? 'its signer chooses' : 'the cluster allows, by default a year';
  return {
    id: 'no-expiration',
    sentence: `The request does not set expirationSeconds, so the certificate will be valid for as long as ${limit}.`,
  };
};
