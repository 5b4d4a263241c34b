import { at } from '../audit/read.ts';
import type { Finding } from '../findings/finding.ts';
import type { Message } from './message.ts';

const schemaVersion = '1.0';

/** SNS takes 256 KiB with the attributes; this leaves room for them and for the batch's frame. */
const maxMessageBytes = 240 * 1_024;

/** Elements of a list and characters of a text that a finding keeps where it is over the limit. */
const keptItems = 20;
const keptCharacters = 1_000;

/** What is left of an event that is too large: who, what and when. */
const keptEventKeys = [
  'auditID',
  'stage',
  'verb',
  'user',
  'impersonatedUser',
  'objectRef',
  'requestURI',
  'requestReceivedTimestamp',
  'stageTimestamp',
];

/** A finding as other programs read it. */
export type FindingJson = Finding & {
  readonly schemaVersion: string;
  readonly truncated?: readonly string[];
};

export function findingJson(finding: Finding): FindingJson {
  return { schemaVersion, ...finding };
}

/** One finding a message, with attributes for filter policies. */
export function jsonMessage(finding: Finding): Message {
  return {
    body: fitted(finding),
    attributes: {
      rule: finding.rule.id,
      severity: finding.severity,
      phase: finding.phase,
      outcome: finding.outcome,
      ...(finding.cluster === null || finding.cluster === ''
        ? {}
        : { cluster: finding.cluster.slice(0, 256) }),
    },
  };
}

/** Cut where it hurts least: bodies first, then the rest of the event, then long lists and texts. */
function fitted(finding: Finding): string {
  const whole = findingJson(finding);
  const { requestObject: _, responseObject: __, ...withoutBodies } = finding.event;
  const kept = Object.fromEntries(keptEventKeys.map((key) => [key, at(finding.event, key)]));
  const bodies = 'event.requestObject and event.responseObject';
  const steps: (() => object)[] = [
    () => whole,
    () => ({ ...whole, event: withoutBodies, truncated: [bodies] }),
    () => ({ ...whole, event: kept, truncated: [`event, but for ${keptEventKeys.join(', ')}`] }),
    () => shortened({ ...whole, event: kept, truncated: ['event', 'long lists and texts'] }) as object,
  ];
  for (const step of steps) {
    const text = JSON.stringify(step());
    if (Buffer.byteLength(text) <= maxMessageBytes) return text;
  }
  const { id, rule, severity, riskScore, phase, outcome, cluster, place } = finding;
  const { name } = rule;
  return JSON.stringify({
    schemaVersion,
    ...{ id, rule: { id: rule.id, name, severity: rule.severity, riskScore: rule.riskScore } },
    ...{ severity, riskScore, phase, outcome, cluster, place: shortened(place) },
    truncated: ['everything but what the finding is and where'],
  });
}

function shortened(value: unknown): unknown {
  if (typeof value === 'string' && value.length > keptCharacters) return `${value.slice(0, keptCharacters)}…`;
  if (Array.isArray(value)) return value.slice(0, keptItems).map(shortened);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, keptItems * 2)
      .map(([key, item]) => [key.slice(0, keptCharacters), shortened(item)]),
  );
}
