import { isCsr } from '../../lambda/findings/csr-resource.ts';
import { type EventFacts, type Finding, type Severity, severities } from '../../lambda/findings/finding.ts';
import { type Fact, identityFacts } from '../../lambda/findings/finding-facts.ts';
import { isCanary } from '../../lambda/findings/is-canary.ts';
import { podOutputText } from '../../lambda/findings/pod-output.ts';
import { subjectText } from '../../lambda/findings/subject-text.ts';
import { certificateToFollow } from '../../lambda/follow/followed-certificate.ts';
import { stringAt } from '../../lambda/json/read-json.ts';
import { listText } from '../../lambda/text/list-text.ts';
import { placeText } from '../../lambda/text/place-text.ts';
import { shown, shownIfAny, shownQuoted, shownStyle } from './shown-text.ts';
import { storyFacts } from './story-facts.ts';

/**
 * What is printed about one request, whichever rules matched its events. Its texts have a bounded length, so that a scan can keep
 * many of them. Text from an attacker is made visible.
 */
export interface Entry {
  /** No finding: it only completes the story of a CSR. */
  isContext: boolean;
  /** The digests of the events, one for each stage of the request. */
  readonly digests: Map<string, string>;
  /** RFC 3339, as the event has it. */
  readonly time: string | undefined;
  /** Whether the request only reads. */
  readonly isRead: boolean;
  /** The phase of a CSR; the verb for other resources. */
  readonly action: string;
  /** The outcome unless it is success: `refused`. */
  readonly mark: string;
  readonly code: string | undefined;
  readonly who: string;
  /** Addresses; `''` if there are none. */
  readonly from: string;
  readonly userAgent: string | undefined;
  /** Of the actor: groups, IAM. */
  readonly identity: readonly Fact[];
  /** Of the request and the certificate: usually the same as in earlier entries. */
  readonly facts: readonly Fact[];
  /** What distinguishes one CSR from another; longer than any name in Kubernetes. */
  readonly csr: { readonly name: string | undefined; readonly uid: string | undefined } | undefined;
  readonly title: string;
  readonly cluster: string | undefined;
  readonly legacy: boolean;
  readonly certificate: ShownCertificate | undefined;
  /** States that the event was read from a pod's output. */
  readonly podOutput: string | undefined;
  severity: Severity;
  rules: readonly string[];
  signals: readonly { readonly id: string; readonly sentence: string; readonly raises: boolean }[];
  places: readonly string[];
}

/** An issued certificate. */
export interface ShownCertificate {
  readonly sha256: string;
  /** Absent if the log does not show it. */
  readonly subject: string | undefined;
  /** Absent if the log does not show it. */
  readonly notAfter: string | undefined;
  /** A login to the API server that is not a node's own. */
  readonly isLogin: boolean;
}

const marks: Readonly<Record<Finding['outcome'], string>> = {
  succeeded: '',
  refused: 'refused',
  'dry-run': 'dry run',
  unknown: 'outcome unknown',
};

const readVerbs = ['get', 'list', 'watch'];

export function entryOf(finding: Finding): Entry {
  return { ...entryOfEvent(finding, [finding.rule.id]), isContext: false, severity: finding.severity };
}

/**
 * The entry of an event that has no finding.
 * @param ruleIds - of rules that match it, but whose findings the scan's filters leave out
 */
export function contextEntry(facts: EventFacts, ruleIds: readonly string[]): Entry {
  const entry = entryOfEvent(facts, ruleIds);
  return ruleIds.length > 0 ? entry : { ...entry, signals: [] };
}

function entryOfEvent(finding: EventFacts, ruleIds: readonly string[]): Entry {
  const { actor, request, verb, responseCode, signals } = finding;
  const name = shownIfAny(request.name, 100);
  const as = actor.impersonated && ` as ${shownIfAny(actor.impersonated.name) ?? 'another user'}`;
  return {
    isContext: true,
    digests: new Map([[stringAt(finding.event, 'stage')?.slice(0, 30) ?? '', finding.eventDigest]]),
    time: shownIfAny(finding.time, 40),
    isRead: readVerbs.includes(verb ?? ''),
    action: isCanary(finding)
      ? 'test, nothing happened'
      : isCsr(finding) && !readVerbs.includes(verb ?? '')
        ? finding.phase
        : (shownIfAny(verb, 30) ?? 'no verb'),
    mark: isCanary(finding) ? '' : responseCode === 404 ? 'not found' : marks[finding.outcome],
    code: responseCode?.toString(),
    who: `${shownIfAny(actor.name) ?? 'an unnamed user'}${as ?? ''}`,
    from: listText(actor.sourceIPs, 5, shownQuoted),
    userAgent: shownIfAny(actor.userAgent, 200),
    identity: identityFacts(finding, shownStyle),
    facts: storyFacts(finding),
    csr: isCsr(finding)
      ? { name: shownIfAny(request.name, 300), uid: shownIfAny(request.uid, 100) }
      : undefined,
    title: isCsr(finding) ? csrTitle(name, verb) : objectTitle(finding, name),
    cluster: shownIfAny(finding.cluster, 100),
    legacy: finding.format === 'legacy',
    podOutput: podOutputText(finding, shownStyle),
    certificate: certificateOf(finding),
    severity: 'low',
    rules: ruleIds.map((id) => shown(id, 100)),
    signals: (isCanary(finding) ? [] : signals).map(({ id, sentence, raisesTo }) => ({
      id,
      sentence: shown(sentence, 500),
      raises: raisesTo !== undefined,
    })),
    places: [placeText(finding.place, 200)],
  };
}

/** Adds another finding of the same event: of another rule, or of a copy of the event in the logs. */
export function addTo(entry: Entry, other: Entry): void {
  if (entry.isContext === other.isContext) {
    entry.rules = union(entry.rules, other.rules);
    entry.places = union(entry.places, other.places).slice(0, keptPlaces);
  } else if (entry.isContext) {
    entry.rules = other.rules;
    entry.places = other.places;
    entry.isContext = false;
  }
  entry.severity = worse(entry.severity, other.severity);
  const known = new Set(entry.signals.map(({ id }) => id));
  entry.signals = [...entry.signals, ...other.signals.filter(({ id }) => !known.has(id))];
}

const stageOrder = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'];

/** Adds another stage of the same request. The last stage has the answer, so it is the one that is described. */
export function addStage(entry: Entry, other: Entry): void {
  const isLater = lastStage(other) > lastStage(entry);
  const { isContext, rules, places, severity, signals } = entry;
  for (const [stage, digest] of other.digests) entry.digests.set(stage, digest);
  const { digests } = entry;
  if (isLater) Object.assign(entry, { ...other, digests, isContext, rules, places, severity, signals });
  addTo(entry, other);
}

function lastStage({ digests }: Entry): number {
  return Math.max(...[...digests.keys()].map((stage) => stageOrder.indexOf(stage)));
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])];
}

/** An event may be in the logs a thousand times. */
const keptPlaces = 10;

export function worse(a: Severity, b: Severity): Severity {
  return severities.indexOf(b) > severities.indexOf(a) ? b : a;
}

function csrTitle(name: string | undefined, verb: string | undefined): string {
  if (name !== undefined) return `CSR ${name}`;
  return verb === 'deletecollection' ? 'CSRs in bulk' : 'CSR without a name';
}

function certificateOf(finding: EventFacts): ShownCertificate | undefined {
  const { certificate, request } = finding;
  if (certificate === undefined) return undefined;
  const subject = certificate.subject ?? request.subject;
  return {
    sha256: shown(certificate.sha256, 64),
    subject: subject && (subjectText(subject, 8, shownQuoted) || 'empty'),
    notAfter: certificate.notAfter && shownQuoted(certificate.notAfter, 40),
    isLogin: certificateToFollow(finding) !== undefined,
  };
}

function objectTitle({ resource, subresource, event }: EventFacts, name: string | undefined): string {
  const namespace = shownIfAny(stringAt(event, 'objectRef', 'namespace'), 63);
  const kind = [resource ?? 'an event', ...(subresource === undefined ? [] : [subresource])].join('/');
  const what = resource === undefined && subresource === undefined ? kind : shownQuoted(kind, 100);
  const object = [namespace, name].filter((part) => part !== undefined).join('/');
  return object === '' ? what : `${what} ${object}`;
}
