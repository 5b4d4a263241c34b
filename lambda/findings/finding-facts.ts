import { stringAt } from '../json/read-json.ts';
import { parseAddress } from '../kql/ip-address.ts';
import { listText } from '../text/list-text.ts';
import { nameText, type TextStyle } from '../text/quoted-text.ts';
import { timeText } from '../text/time-text.ts';
import { isOnEks, issuedCertificateOf, subjectOf, suspectOf } from './certificate-use.ts';
import { isCsr } from './csr-resource.ts';
import type { EventFacts, Finding, UsedAction, Uses } from './finding.ts';
import { subjectText } from './subject-text.ts';

/** A label of ours and a value, in which text of the log is quoted. */
export type Fact = readonly [label: string, value: string];

const shownActions = 10;

/** What the on-call engineer decides by, the most important first. */
export function factsOf(finding: Finding, style: TextStyle): Fact[] {
  const { actor, request, cluster } = finding;
  const { quote, plain } = style;
  const namespace = stringAt(finding.event, 'objectRef', 'namespace');
  const isOwnRequest = finding.phase === 'requested' && request.requester === actor.name;
  return [
    ...present([
      [suspectOf(finding) === actor.name ? 'User' : 'Issued by', userText(actor.name, style)],
      ['Impersonates', actor.impersonated && impersonatedText(actor.impersonated, style)],
      ...identityFacts(finding, style),
      ['Address', actor.sourceIPs.length > 0 ? addressesText(actor.sourceIPs, style) : undefined],
      ['Client', actor.userAgent && quote(actor.userAgent)],
      ['Time', finding.time && timeText(finding.time, style)],
      [
        'Cluster',
        cluster ? `${nameText(cluster, 100, style)}${isOnEks(finding) ? ' (EKS)' : ''}` : undefined,
      ],
      ['Account', accountOf(finding, style)],
      ['Namespace', namespace && quote(namespace, 100)],
      [isCsr(finding) ? 'Request' : 'Object', request.name && quote(request.name)],
    ]),
    ...requestFacts(finding, style).filter(([label]) => !(isOwnRequest && label === 'Requester')),
    ...certificateFacts(finding, style),
    ...issuanceFacts(finding, style),
    ...present([
      [
        'Response',
        finding.responseCode === undefined ? undefined : `${finding.responseCode} (${finding.outcome})`,
      ],
      ['Rule', plain(finding.rule.name)],
    ]),
  ];
}

/** What identifies the acting user in addition to the name: groups, IAM. */
export function identityFacts({ actor }: EventFacts, style: TextStyle): Fact[] {
  return present([
    ['Groups', some(distinctiveGroups(actor), 8, style)],
    ['AWS', awsText(actor.extra, style)],
  ]);
}

/** What the request contains. */
export function requestFacts(finding: EventFacts, style: TextStyle): Fact[] {
  const { request } = finding;
  const { key } = request;
  const { quote, plain } = style;
  const subject = subjectOf(finding);
  return present([
    ['Requester', request.requester && quote(request.requester)],
    ['Subject', subject && (subjectText(subject, 8, quote) || 'empty')],
    ['DNS names', subject && some(subject.dnsNames, 8, style)],
    ['IP names', subject && some(subject.ipAddresses, 8, style)],
    ['E-mails', subject && some(subject.emailAddresses, 5, style)],
    ['URIs', subject && some(subject.uris, 5, style)],
    ['Key', key && `${plain(key.algorithm, 40)}${key.bits === undefined ? '' : `, ${key.bits} bits`}`],
    ['Unreadable', request.parseError && plain(request.parseError)],
    ['Signer', request.signerName && quote(request.signerName)],
    ['Usages', request.usages && some(request.usages, 8, style)],
    ['Lifetime', lifetime(finding)],
  ]);
}

/** What was issued. */
export function certificateFacts({ certificate }: EventFacts, style: TextStyle): Fact[] {
  if (certificate === undefined) return [];
  const { serialNumber, notBefore, notAfter, sha256 } = certificate;
  return present([
    ['Serial', serialNumber && style.plain(serialNumber, 60)],
    ['Valid', validText(notBefore, notAfter, style)],
    ['SHA-256', style.plain(sha256, 64)],
  ]);
}

function validText(
  notBefore: string | undefined,
  notAfter: string | undefined,
  style: TextStyle,
): string | undefined {
  if (notAfter === undefined) return undefined;
  const until = timeText(notAfter, style);
  return notBefore === undefined ? `until ${until}` : `${timeText(notBefore, style)} to ${until}`;
}

/** How the certificate was issued, and what it was used for so far. */
function issuanceFacts(finding: Finding, style: TextStyle): Fact[] {
  const { issuance, uses, certificate } = finding;
  if (issuance === undefined) return [];
  const { quote, plain } = style;
  const subject = certificate?.subject;
  return present([
    ['Certificate', subject && (subjectText(subject, 8, quote) || 'its subject is empty')],
    ['Issued', issuance.time && timeText(issuance.time, style)],
    ['From CSR', issuance.csrName && quote(issuance.csrName)],
    ['Requested by', issuance.requester && quote(issuance.requester)],
    ['Signed by', issuance.signerName && quote(issuance.signerName)],
    [
      'Not checked',
      issuance.requestMissing &&
        'whether the certificate belongs to its request, which the log does not contain',
    ],
    ['Followed', issuance.reason && `added by hand, with the reason ${quote(issuance.reason)}`],
    ['Issuance', issuance.findingId && `reported as finding ${plain(issuance.findingId, 40)}`],
    ['First used', uses && firstUseText(finding, uses, style)],
    ['Uses', uses && usesText(uses, style)],
    ['Actions', uses?.actions && actionsText(uses.actions, style)],
  ]);
}

/** Of the certificate, by whatever client. */
function firstUseText({ actor }: Finding, { first, firstOfAll }: Uses, style: TextStyle): string {
  const { time, sourceIPs, userAgent } = firstOfAll ?? { time: first, ...actor };
  return [
    time === undefined ? 'at an unknown time' : timeText(time, style),
    ...(sourceIPs.length === 0 ? [] : [`from ${addressesText(sourceIPs, style)}`]),
    ...(userAgent === undefined ? [] : [`with ${style.quote(userAgent)}`]),
  ].join(' ');
}

function usesText({ count, first, last }: Uses, style: TextStyle): string {
  const time = (text: string | undefined) => (text === undefined ? 'unknown' : timeText(text, style));
  const requests = count === 1 ? 'one request' : `${count} requests`;
  const when = first === last ? `at ${time(first)}` : `from ${time(first)} to ${time(last)}`;
  return `${requests} from this address with this client in this log, ${when}`;
}

function actionsText(actions: readonly UsedAction[], style: TextStyle): string | undefined {
  if (actions.length === 0) return undefined;
  const shown = actions.slice(0, shownActions).map((action) => actionText(action, style));
  const others = actions.length - shownActions;
  const more = others > 0 ? [`and ${others} more ${others === 1 ? 'kind' : 'kinds'}`] : [];
  return [...shown, ...more].join(', ');
}

function actionText({ verb, resource, namespace, count, refused }: UsedAction, style: TextStyle): string {
  const where = namespace === undefined ? '' : ` in ${nameText(namespace, 60, style)}`;
  const times = count === 1 ? '' : ` (${count} times)`;
  const refusals = refused === 0 ? '' : refused === count ? ': refused' : `: ${refused} refused`;
  return `${nameText(verb, 30, style)} ${nameText(resource, 80, style)}${where}${times}${refusals}`;
}

function present(facts: readonly (readonly [string, string | undefined])[]): Fact[] {
  return facts.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [[label, value] as const],
  );
}

/** The account of the log group or bucket: clusters of several accounts may have one name. */
function accountOf({ place: { origin } }: Finding, { plain }: TextStyle): string | undefined {
  return origin.kind === 'file' || origin.account === undefined ? undefined : plain(origin.account, 20);
}

function userText(name: string | null, { quote }: TextStyle): string {
  return name ? quote(name) : 'a user without a name';
}

/** Without the groups of every user, or of every service account. */
function distinctiveGroups({ name, groups }: Finding['actor']): string[] {
  const [, namespace] = /^system:serviceaccount:([^:]+):/.exec(name ?? '') ?? [];
  const implied = [
    'system:authenticated',
    ...(namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]),
  ];
  return groups.filter((group) => !implied.includes(group));
}

function some(items: readonly string[], shownItems: number, { quote }: TextStyle): string | undefined {
  return items.length === 0 ? undefined : listText(items, shownItems, quote);
}

function impersonatedText(
  { name, groups }: { readonly name: string | null; readonly groups: readonly string[] },
  style: TextStyle,
): string {
  const suffix = groups.length > 0 ? `, groups ${listText(groups, 5, style.quote)}` : '';
  return `${userText(name, style)}${suffix}`;
}

/** What the IAM authenticator and EKS add to the user. */
function awsText(extra: Finding['actor']['extra'], { quote }: TextStyle): string | undefined {
  const values = ['arn', 'sessionName', 'accessKeyId', 'principalId'].flatMap((key) => {
    const [value] = Object.hasOwn(extra, key) ? (extra[key] ?? []) : [];
    return value ? [`${key} ${quote(value, 160)}`] : [];
  });
  return values.length === 0 ? undefined : values.join(', ');
}

/** Only the last address is the API server's own observation. */
function addressesText(addresses: readonly string[], style: TextStyle): string {
  const show = (address: string) => addressText(address, style);
  if (addresses.length === 1) return listText(addresses, 1, show);
  const last = addresses.at(-1) ?? '';
  return `${show(last)} (forwarded for ${listText(addresses.slice(0, -1), 4, show)}, which the client can forge)`;
}

function addressText(address: string, { quote, plain }: TextStyle): string {
  return parseAddress(address) === undefined ? quote(address, 60) : plain(address, 60);
}

/** Of a request only: an issued certificate has its own. */
function lifetime(facts: EventFacts): string | undefined {
  const { request, phase } = facts;
  if (issuedCertificateOf(facts)) return undefined;
  if (request.expirationSeconds !== undefined) return `requested: ${duration(request.expirationSeconds)}`;
  const isReadable = request.signerName !== undefined && phase === 'requested';
  return isReadable ? 'not specified: the longest that the signer allows' : undefined;
}

function duration(seconds: number): string {
  if (seconds < 2 * 3_600) return `${seconds} seconds`;
  return seconds < 2 * 86_400
    ? `${Math.round(seconds / 3_600)} hours`
    : `${Math.round(seconds / 86_400)} days`;
}
