import { isCsr } from '../../lambda/findings/csr-resource.ts';
import { type Finding, type Severity, severities } from '../../lambda/findings/finding.ts';
import { type Fact, identityFacts } from '../../lambda/findings/finding-facts.ts';
import { isCanary } from '../../lambda/findings/is-canary.ts';
import { stringAt } from '../../lambda/json/read-json.ts';
import { listText } from '../../lambda/text/list-text.ts';
import { placeText } from '../../lambda/text/place-text.ts';
import { visible } from '../../lambda/text/visible-text.ts';
import { shown, shownIfAny, shownStyle } from './shown-text.ts';
import { storyFacts } from './story-facts.ts';

/**
 * What is printed about one event, whichever rules matched it. Its texts have a bounded length, so that a scan can keep
 * many of them. Text from an attacker is made visible.
 */
export interface Entry {
  /** Of the event and its cluster. */
  readonly digest: string;
  /** RFC 3339, as the event has it. */
  readonly time: string | undefined;
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
  severity: Severity;
  rules: readonly string[];
  signals: readonly { readonly id: string; readonly sentence: string; readonly raises: boolean }[];
  places: readonly string[];
}

const marks: Readonly<Record<Finding['outcome'], string>> = {
  succeeded: '',
  refused: 'refused',
  'dry-run': 'dry run',
  unknown: 'outcome unknown',
};

const readVerbs = ['get', 'list', 'watch'];

export function entryOf(finding: Finding): Entry {
  const { actor, request, verb, responseCode, rule, signals } = finding;
  const name = shownIfAny(request.name, 100);
  const as = actor.impersonated && ` as ${shown(actor.impersonated.name ?? 'another user')}`;
  return {
    digest: finding.eventDigest,
    time: shownIfAny(finding.time, 40),
    action: isCanary(finding)
      ? 'test, nothing happened'
      : isCsr(finding) && !readVerbs.includes(verb ?? '')
        ? finding.phase
        : (shownIfAny(verb, 30) ?? 'no verb'),
    mark: isCanary(finding) ? '' : marks[finding.outcome],
    code: responseCode?.toString(),
    who: `${shownIfAny(actor.name) ?? 'an unnamed user'}${as ?? ''}`,
    from: listText(actor.sourceIPs, 5, shown),
    userAgent: shownIfAny(actor.userAgent, 200),
    identity: identityFacts(finding, shownStyle),
    facts: storyFacts(finding),
    csr: isCsr(finding)
      ? { name: shownIfAny(request.name, 300), uid: shownIfAny(request.uid, 100) }
      : undefined,
    title: isCsr(finding) ? csrTitle(name, verb) : objectTitle(finding, name),
    cluster: shownIfAny(finding.cluster, 100),
    legacy: finding.format === 'legacy',
    severity: finding.severity,
    rules: [shown(rule.id, 100)],
    signals: (isCanary(finding) ? [] : signals).map(({ id, sentence, raisesTo }) => ({
      id,
      sentence: shown(sentence, 500),
      raises: raisesTo !== undefined,
    })),
    places: [shown(placeText(finding.place), 400)],
  };
}

/** Adds another finding of the same event: of another rule, or of a copy of the event in the logs. */
export function addTo(entry: Entry, finding: Finding): void {
  const { severity, rules, signals, places } = entryOf(finding);
  entry.severity = worse(entry.severity, severity);
  entry.rules = [...new Set([...entry.rules, ...rules])];
  const known = new Set(entry.signals.map(({ id }) => id));
  entry.signals = [...entry.signals, ...signals.filter(({ id }) => !known.has(id))];
  entry.places = [...new Set([...entry.places, ...places])].slice(0, keptPlaces);
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

function objectTitle({ resource, subresource, event }: Finding, name: string | undefined): string {
  const namespace = shownIfAny(stringAt(event, 'objectRef', 'namespace'), 63);
  const kind = [resource ?? 'an event', ...(subresource === undefined ? [] : [subresource])].join('/');
  const object = [namespace, name].filter((part) => part !== undefined).join('/');
  return object === '' ? visible(kind, 100) : `${visible(kind, 100)} ${object}`;
}
