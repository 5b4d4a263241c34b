import type { Finding } from '../../findings/finding.ts';
import { at, isObject, stringAt, stringsAt } from '../../json/read-json.ts';
import { consoleLink } from '../wording/console-link.ts';
import { placeText } from '../wording/place-text.ts';
import { visible } from '../wording/visible-text.ts';

export const schemaVersion = '1.0';

/** What is left of an event that is too large: who, what and when. */
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

/** `undefined` where it is nested too deep: JSON.parse reads deeper than JSON.stringify writes. */
export function text(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `undefined` where it is larger; most of what is far too large isn't written to find that out. */
export function textWithin(value: object, maxBytes: number): string | undefined {
  if (holdsMoreThan(value, maxBytes)) return undefined;
  const written = text(value);
  return written !== undefined && Buffer.byteLength(written) <= maxBytes ? written : undefined;
}

/** Whether the texts alone have more characters; without recursion, since it may be nested deep. */
function holdsMoreThan(value: unknown, maxCharacters: number): boolean {
  let characters = 0;
  const waiting = [value];
  while (waiting.length > 0 && characters <= maxCharacters) {
    const item = waiting.pop();
    if (typeof item === 'string') characters += item.length;
    else if (Array.isArray(item)) for (const member of item) waiting.push(member);
    else if (isObject(item)) for (const member of Object.values(item)) waiting.push(member);
  }
  return characters > maxCharacters;
}

/** Cut where it hurts least: bodies first, then the rest of the event, then long lists and texts. */
export function truncateText(finding: Finding, maxBytes: number): string {
  const { requestObject: _, responseObject: __, ...withoutBodies } = finding.event;
  const kept = Object.fromEntries(
    keptEventKeys.flatMap((key) => {
      const value = at(finding.event, key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const bodies = 'event.requestObject and event.responseObject';
  const rest = `event, but for ${keptEventKeys.join(', ')}`;
  const lists = 'long lists and texts';
  const steps: (() => object)[] = [
    () => marked({ ...finding, event: withoutBodies }, [bodies]),
    () => marked({ ...finding, event: kept }, [rest]),
    ...[
      { items: 50, characters: 2_000, depth: 7 },
      { items: 20, characters: 500, depth: 6 },
    ].map((bounds) => () => marked(shortened({ ...finding, event: kept }, bounds), [rest, lists])),
  ];
  for (const step of steps) {
    const cut = textWithin(step(), maxBytes);
    if (cut !== undefined) return cut;
  }
  return JSON.stringify(lastResort(finding, [rest, `${lists}, to the few that identify it`]));

  function marked(value: object, truncated: readonly string[]): object {
    return { schemaVersion, ...value, truncated, wholeEvent: wholeEvent(finding) };
  }
}

function wholeEvent({ place }: Finding): string {
  const link = consoleLink(place);
  return [visible(placeText(place), 2_000), ...(link && link.length <= 4_000 ? [link] : [])].join(' ');
}

/** All that the schema promises, each part of it bounded: some 40 kB at most. */
function lastResort(finding: Finding, truncated: readonly string[]): object {
  const { rule, actor, request, certificate, event } = finding;
  const small = { items: 5, characters: 200, depth: 3 };
  const { id, eventDigest, severity, riskScore, phase, outcome, cluster, format } = finding;
  return {
    schemaVersion,
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
    signals: finding.signals.slice(0, 20).map(({ id, sentence, raisesTo }) => ({
      id,
      sentence: clipped(sentence, small.characters),
      ...(raisesTo ? { raisesTo } : {}),
    })),
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
    truncated,
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
  /** Of a list; an object keeps twice as many, since its keys are mostly ours. */
  readonly items: number;
  readonly characters: number;
  /** Of objects and lists in each other. */
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
