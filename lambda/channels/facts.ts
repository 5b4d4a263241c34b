import { stringAt } from '../audit/read.ts';
import type { Finding } from '../findings/finding.ts';
import { isCsr, isOnEks, subjectOf, suspectOf } from './prospect.ts';
import type { Show } from './visible.ts';
import { listText, subjectText, timeText } from './words.ts';

/** A label of ours and a value that may hold an attacker's text, shown. */
export type Fact = readonly [label: string, value: string];

/** What a person decides by, the most telling first. */
export function factsOf(finding: Finding, show: Show): Fact[] {
  const { actor, request, certificate, cluster } = finding;
  const { key } = request;
  const namespace = stringAt(finding.event, 'objectRef', 'namespace');
  const subject = subjectOf(finding);
  const facts: [string, string | undefined][] = [
    [
      suspectOf(finding) === actor.name ? 'Who' : 'Issued by',
      actor.name ? show(actor.name) : 'a user without a name',
    ],
    ['Posing as', actor.impersonated && impersonatedText(actor.impersonated, show)],
    ['Groups', some(actor.groups, 8, show)],
    ['AWS', awsText(actor.extra, show)],
    ['From', actor.sourceIPs.length > 0 ? addressesText(actor.sourceIPs, show) : undefined],
    ['With', actor.userAgent && show(actor.userAgent)],
    ['When', finding.time && show(timeText(finding.time), 60)],
    ['Cluster', cluster ? `${show(cluster, 100)}${isOnEks(finding) ? ' (EKS)' : ''}` : undefined],
    ['Namespace', namespace && show(namespace, 100)],
    [isCsr(finding) ? 'Request' : 'Object', request.name && show(request.name)],
    ['Asked by', request.requester && show(request.requester)],
    ['Subject', subject && (subjectText(subject, 8, show) || 'empty')],
    ['DNS names', subject && some(subject.dnsNames, 8, show)],
    ['IP names', subject && some(subject.ipAddresses, 8, show)],
    ['E-mails', subject && some(subject.emailAddresses, 5, show)],
    ['URIs', subject && some(subject.uris, 5, show)],
    ['Key', key && `${show(key.algorithm, 40)}${key.bits === undefined ? '' : `, ${key.bits} bits`}`],
    ['Unreadable', request.parseError && show(request.parseError)],
    ['Signer', request.signerName && show(request.signerName)],
    ['Usages', request.usages && some(request.usages, 8, show)],
    ['Lifetime', lifetime(finding)],
    ['Serial', certificate && show(certificate.serialNumber, 60)],
    [
      'Valid',
      certificate &&
        `${show(timeText(certificate.notBefore), 60)} to ${show(timeText(certificate.notAfter), 60)}`,
    ],
    ['SHA-256', certificate && show(certificate.sha256, 64)],
    [
      'Answer',
      finding.responseCode === undefined ? undefined : `${finding.responseCode} (${finding.outcome})`,
    ],
    ['Rule', show(finding.rule.name)],
    ['Risk', `${finding.riskScore} of 100`],
  ];
  return facts.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [[label, value] as const],
  );
}

function some(items: readonly string[], shownItems: number, show: Show): string | undefined {
  return items.length === 0 ? undefined : listText(items, shownItems, show);
}

function impersonatedText(
  { name, groups }: { readonly name: string | null; readonly groups: readonly string[] },
  show: Show,
): string {
  const in_ = groups.length > 0 ? `, groups ${listText(groups, 5, show)}` : '';
  return `${name ? show(name) : 'a user without a name'}${in_}`;
}

/** What the IAM authenticator and EKS put beside the user. */
function awsText(extra: Finding['actor']['extra'], show: Show): string | undefined {
  const said = ['arn', 'sessionName', 'accessKeyId', 'principalId'].flatMap((key) => {
    const [value] = Object.hasOwn(extra, key) ? (extra[key] ?? []) : [];
    return value ? [`${key} ${show(value, 160)}`] : [];
  });
  return said.length === 0 ? undefined : said.join(', ');
}

function addressesText(addresses: readonly string[], show: Show): string {
  if (addresses.length === 1) return listText(addresses, 1, show);
  const last = addresses.at(-1) ?? '';
  return `${show(last, 60)} (before it, as the client may have made up: ${listText(addresses.slice(0, -1), 4, show)})`;
}

/** Said of a request: the certificate, once there is one, says it of itself. */
function lifetime({ request, certificate, phase }: Finding): string | undefined {
  if (certificate) return undefined;
  if (request.expirationSeconds !== undefined) return `asked for ${duration(request.expirationSeconds)}`;
  const readable = request.signerName !== undefined && phase === 'requested';
  return readable ? 'not asked for: as long as the cluster signs' : undefined;
}

function duration(seconds: number): string {
  const hours = seconds / 3600;
  return hours >= 48
    ? `${Math.round(hours / 24).toLocaleString('en')} days`
    : `${seconds.toLocaleString('en')} seconds`;
}
