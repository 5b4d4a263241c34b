import { isCsr } from '../../findings/csr-resource.ts';
import type { Finding } from '../../findings/finding.ts';
import { stringAt } from '../../json/read-json.ts';
import { isOnEks, subjectOf, suspectOf } from './certificate-use.ts';
import { listText, subjectText, timeText } from './sentences.ts';
import type { Show } from './visible-text.ts';

/** A label of ours and a value that may hold an attacker's text, shown. */
export type Fact = readonly [label: string, value: string];

/** What a person decides by, the most telling first. */
export function factsOf(finding: Finding, show: Show): Fact[] {
  const { actor, request, cluster } = finding;
  const namespace = stringAt(finding.event, 'objectRef', 'namespace');
  const isOwnRequest = finding.phase === 'requested' && request.requester === actor.name;
  return [
    ...present([
      [
        suspectOf(finding) === actor.name ? 'Who' : 'Issued by',
        actor.name ? show(actor.name) : 'a user without a name',
      ],
      ['Posing as', actor.impersonated && impersonatedText(actor.impersonated, show)],
      ...identityFacts(finding, show),
      ['From', actor.sourceIPs.length > 0 ? addressesText(actor.sourceIPs, show) : undefined],
      ['With', actor.userAgent && show(actor.userAgent)],
      ['When', finding.time && show(timeText(finding.time), 60)],
      ['Cluster', cluster ? `${show(cluster, 100)}${isOnEks(finding) ? ' (EKS)' : ''}` : undefined],
      ['Namespace', namespace && show(namespace, 100)],
      [isCsr(finding) ? 'Request' : 'Object', request.name && show(request.name)],
    ]),
    ...requestFacts(finding, show).filter(([label]) => !(isOwnRequest && label === 'Asked by')),
    ...certificateFacts(finding, show),
    ...present([
      [
        'Answer',
        finding.responseCode === undefined ? undefined : `${finding.responseCode} (${finding.outcome})`,
      ],
      ['Rule', show(finding.rule.name)],
    ]),
  ];
}

/** Who the acting user is beside the name: groups, IAM. */
export function identityFacts({ actor }: Finding, show: Show): Fact[] {
  return present([
    ['Groups', some(tellingGroups(actor), 8, show)],
    ['AWS', awsText(actor.extra, show)],
  ]);
}

/** What the request asks for. */
export function requestFacts(finding: Finding, show: Show): Fact[] {
  const { request } = finding;
  const { key } = request;
  const subject = subjectOf(finding);
  return present([
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
  ]);
}

/** What was issued. */
export function certificateFacts({ certificate }: Finding, show: Show): Fact[] {
  if (certificate === undefined) return [];
  const { serialNumber, notBefore, notAfter, sha256 } = certificate;
  return present([
    ['Serial', show(serialNumber, 60)],
    ['Valid', `${show(timeText(notBefore), 60)} to ${show(timeText(notAfter), 60)}`],
    ['SHA-256', show(sha256, 64)],
  ]);
}

function present(facts: readonly (readonly [string, string | undefined])[]): Fact[] {
  return facts.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [[label, value] as const],
  );
}

/** Without those that everybody, or every service account, is in. */
function tellingGroups({ name, groups }: Finding['actor']): string[] {
  const [, namespace] = /^system:serviceaccount:([^:]+):/.exec(name ?? '') ?? [];
  const implied = [
    'system:authenticated',
    ...(namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]),
  ];
  return groups.filter((group) => !implied.includes(group));
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
  if (seconds < 2 * 3_600) return `${seconds} seconds`;
  return seconds < 2 * 86_400
    ? `${Math.round(seconds / 3_600)} hours`
    : `${Math.round(seconds / 86_400)} days`;
}
