import { at, stringAt, stringsAt } from '../json/read-json.ts';
import { consoleLink } from '../text/console-link.ts';
import { placeText } from '../text/place-text.ts';
import type { Finding } from './finding.ts';

/** What remains of an event that is too large: who, what and when. */
const keptEventKeys = [
  'auditID',
  'stage',
  'verb',
  'user',
  'impersonatedUser',
  'sourceIPs',
  'userAgent',
  'objectRef',
  'requestURI',
  'responseStatus',
  'requestReceivedTimestamp',
  'stageTimestamp',
  'annotations',
];

const eventRemoved = `event, except ${keptEventKeys.join(', ')}`;
const listsShortened = 'long lists and texts';

/**
 * Ever smaller versions of a finding: without the bodies, then without the rest of the event, then with short lists and
 * texts. Each states what was removed and where the whole event is.
 */
export function truncations(finding: Finding): (() => object)[] {
  const { requestObject: _, responseObject: __, ...withoutBodies } = finding.event;
  const kept = Object.fromEntries(
    keptEventKeys.flatMap((key) => {
      const value = at(finding.event, key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const marked = (value: object, truncated: readonly string[]): object => ({
    ...value,
    truncated,
    wholeEvent: wholeEvent(finding),
  });
  return [
    () => marked({ ...finding, event: withoutBodies }, ['event.requestObject and event.responseObject']),
    () => marked({ ...finding, event: kept }, [eventRemoved]),
    ...[
      { items: 50, characters: 2_000, depth: 7 },
      { items: 20, characters: 500, depth: 6 },
    ].map(
      (bounds) => () =>
        marked(shortened({ ...finding, event: kept }, bounds), [eventRemoved, listsShortened]),
    ),
  ];
}

function wholeEvent({ place }: Finding): string {
  const link = consoleLink(place);
  return [placeText(place), ...(link && link.length <= 4_000 ? [link] : [])].join(' ');
}

/** Everything that the schema requires, each part bounded: about 40 kB at most. */
export function lastResort(finding: Finding): object {
  const { rule, actor, request, certificate, issuance, uses, event } = finding;
  const small = { items: 5, characters: 200, depth: 3 };
  const { id, eventDigest, severity, riskScore, phase, outcome, cluster, format } = finding;
  return {
    ...{ id, eventDigest, severity, riskScore, phase, outcome, format },
    cluster: cluster === null ? null : clipped(cluster, small.characters),
    rule: {
      id: clipped(rule.id, small.characters),
      name: clipped(rule.name, small.characters),
      severity: rule.severity,
      riskScore: rule.riskScore,
    },
    actor: Object(shortened({ ...actor, extra: {} }, small)),
    request: Object(shortened(request, small)),
    ...(certificate ? { certificate } : {}),
    ...(issuance ? { issuance: shortened(issuance, small) } : {}),
    ...(uses ? { uses } : {}),
    signals: finding.signals.slice(0, 20).map(({ id, sentence, raisesTo }) => ({
      id,
      sentence: clipped(sentence, small.characters),
      ...(raisesTo ? { raisesTo } : {}),
    })),
    ...(finding.pod ? { pod: Object(shortened(finding.pod, small)) } : {}),
    place: Object(shortened(finding.place, { ...small, characters: 1_100 })),
    event: {
      ...texts(event, ['auditID', 'stage', 'verb', 'requestReceivedTimestamp', 'stageTimestamp']),
      user: {
        ...texts(at(event, 'user'), ['username', 'uid']),
        groups: stringsAt(event, 'user', 'groups')
          .slice(0, small.items)
          .map((name) => clipped(name, small.characters)),
      },
      objectRef: texts(at(event, 'objectRef'), [
        'resource',
        'subresource',
        'namespace',
        'name',
        'uid',
        'apiGroup',
        'apiVersion',
      ]),
    },
    truncated: [eventRemoved, `${listsShortened}, except the few that identify it`],
    wholeEvent: wholeEvent(finding),
  };
}

function texts(value: unknown, keys: readonly string[]): object {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const found = stringAt(value, key);
      return found === undefined ? [] : [[key, clipped(found, 500)]];
    }),
  );
}

interface Bounds {
  /** Of a list. An object keeps twice as many, since its keys are mostly fixed. */
  readonly items: number;
  readonly characters: number;
  /** Of nested objects and lists. */
  readonly depth: number;
}

function shortened(value: object, bounds: Bounds): object {
  return Object(shortenedValue(value, bounds));
}

function shortenedValue(value: unknown, bounds: Bounds): unknown {
  if (typeof value === 'string') return clipped(value, bounds.characters);
  if (typeof value !== 'object' || value === null) return value;
  if (bounds.depth === 0) return '…';
  const within = { ...bounds, depth: bounds.depth - 1 };
  if (Array.isArray(value)) return value.slice(0, bounds.items).map((item) => shortenedValue(item, within));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, bounds.items * 2)
      .map(([key, item]) => [clipped(key, bounds.characters), shortenedValue(item, within)]),
  );
}

function clipped(text: string, maxCharacters: number): string {
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text;
}
