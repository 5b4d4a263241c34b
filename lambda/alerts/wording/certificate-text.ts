import { type CertificateUse, certificateUse, subjectOf } from '../../findings/certificate-use.ts';
import type { Finding } from '../../findings/finding.ts';
import { subjectText } from '../../findings/subject-text.ts';
import { listText } from '../../text/list-text.ts';
import type { Show } from '../../text/visible-text.ts';

const articles: Readonly<Record<CertificateUse, string>> = {
  login: 'a client certificate',
  server: 'a server certificate',
  other: 'a certificate',
  unknown: 'a certificate',
};

/** `a client certificate for CN="bob"` */
export function certificateText(finding: Finding, quote: Show): string {
  const names = certificateNames(finding, 3, quote);
  const article = articles[certificateUse(finding.request)];
  return names === '' ? article : `${article} for ${names}`;
}

/** What the certificate proves: the names of a server, otherwise the subject. */
export function certificateNames(finding: Finding, shownNames: number, quote: Show): string {
  const subject = subjectOf(finding);
  if (!subject) return '';
  const served = [...subject.dnsNames, ...subject.ipAddresses];
  return certificateUse(finding.request) === 'server' && served.length > 0
    ? listText(served, shownNames, quote)
    : subjectText(subject, shownNames, quote);
}
