import type { Finding } from '../../lambda/findings/finding.ts';
import { type Fact, listed, present, shown } from './shown.ts';

/** What the request asks for. */
export function requestFacts({ request }: Finding): Fact[] {
  const { subject, key, expirationSeconds } = request;
  const names = subject && [
    ...(subject.commonName === null ? [] : [`CN=${shown(subject.commonName, 200) ?? ''}`]),
    ...(subject.organizations.length > 0 ? [`O=${listed(subject.organizations, 8, 100)}`] : []),
  ];
  return present([
    ['Asked by', shown(request.requester)],
    ['Subject', names && (names.join(', ') || 'empty')],
    ['DNS names', subject && listed(subject.dnsNames, 8, 120)],
    ['IP names', subject && listed(subject.ipAddresses, 8, 60)],
    ['E-mails', subject && listed(subject.emailAddresses, 5, 120)],
    ['URIs', subject && listed(subject.uris, 5, 200)],
    ['Key', key && `${shown(key.algorithm, 40)}${key.bits === undefined ? '' : `, ${key.bits} bits`}`],
    ['Unreadable', shown(request.parseError)],
    ['Signer', shown(request.signerName)],
    ['Usages', listed(request.usages ?? [], 8, 40)],
    ['Lifetime', expirationSeconds === undefined ? undefined : `asked for ${duration(expirationSeconds)}`],
  ]);
}

/** What was issued, and the search for every later login with it. */
export function certificateFacts({ certificate }: Finding): Fact[] {
  if (certificate === undefined) return [];
  const { serialNumber, notBefore, notAfter, sha256 } = certificate;
  return present([
    ['Serial', shown(serialNumber, 60)],
    ['Valid', `${shown(notBefore, 40)} to ${shown(notAfter, 40)}`],
    ['SHA-256', shown(sha256, 64)],
    [commandLabel, /^[0-9a-f]{64}$/.test(sha256) ? laterUse(sha256) : undefined],
  ]);
}

/** Label of a fact that is a command: it is not broken into lines, so that it can be copied. */
export const commandLabel = 'Later use';

function laterUse(sha256: string): string {
  const field = 'kubernetes.audit.user.extra.authentication.kubernetes.io/credential-id';
  return `npm run -s scan -- --query '${field}:"X509SHA256=${sha256}"' FILE`;
}

function duration(seconds: number): string {
  if (seconds < 2 * 3_600) return `${seconds} seconds`;
  return seconds < 2 * 86_400
    ? `${Math.round(seconds / 3_600)} hours`
    : `${Math.round(seconds / 86_400)} days`;
}
