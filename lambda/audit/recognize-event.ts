import { at, isObject, stringAt } from '../json/read-json.ts';
import type { AuditEvent, AuditFormat } from './audit-record.ts';
import { bounded } from './bound-values.ts';
import { readLegacyLine } from './legacy-line.ts';

/** What one record of an input turned out to be. */
export type Recognized =
  | {
      readonly kind: 'event';
      readonly event: AuditEvent;
      readonly format: AuditFormat;
      /** From an envelope around it. */
      readonly logGroup?: string;
      /** What a forwarder says of the cluster. */
      readonly cluster?: string;
    }
  | { readonly kind: 'not-audit' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Where forwarders put the event, as text or as an object. Adding one is a line here and a fixture. */
const wrappers: readonly (readonly string[])[] = [
  ['log'], // Fluent Bit, Docker
  ['message'], // Vector, Logstash, Filebeat, CloudWatch log events
  ['event', 'original'], // Elastic Agent, keeping the original
  ['properties', 'log'], // AKS diagnostic settings
  ['@message'], // CloudWatch Logs Insights
  ['kubernetes', 'audit'], // Elastic Agent, Filebeat: normalized
];

/** Where an envelope, or what is added to an event, names the cluster. */
const clusterFields: readonly (readonly string[])[] = [
  ['orchestrator', 'cluster', 'name'], // Elastic
  ['orchestrator.cluster.name'],
  ['kubernetes', 'cluster_name'],
  ['cluster_name'],
  ['clusterName'],
  ['cluster'],
  ['openshift', 'cluster_id'],
];

/** An envelope in a text in an envelope …: nobody nests deeper on purpose. */
const maxDepth = 6;

/** Reads the text of a record: JSON, JSON behind a prefix, a legacy audit line, or something else. */
export function recognizeText(text: string, depth = 0): Recognized[] {
  const legacy = readLegacyLine(text);
  if (legacy) return [{ kind: 'event', event: legacy, format: 'legacy' }];
  const start = text.search(text.startsWith('"') ? /"/ : json);
  if (start < 0 || depth > maxDepth) return [{ kind: 'not-audit' }];
  try {
    return recognize(JSON.parse(text.slice(start)), depth);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (!prefix.test(text.slice(0, start))) return [{ kind: 'not-audit' }];
    return [{ kind: 'unreadable', reason: `not JSON: ${error.message.replace(lineInRecord, '')}` }];
  }
}

/** JSON.parse counts lines from the record's beginning, which would contradict the line that the record stands in. */
const lineInRecord = / \(line \d+ column \d+\)$/;

/** Where JSON begins; before it a bracket may stand around a word, as around a process's number. */
const json = /^\s*\[|\{|\[\s*[{["]/;

/** The cluster that an envelope, or CloudWatch's extracted fields, names. */
export function clusterIn(value: unknown): string | undefined {
  for (const path of clusterFields) {
    const name = stringAt(value, ...path);
    if (name !== undefined) return name;
  }
  return undefined;
}

/** Nothing, or a forwarder's time and up to two words: Fluentd's tag, Logstash's host, CRI's stream and flag. */
const prefix = /^\s*(?:\d{4}-\d\d-\d\dT\S+\s+(?:\S+\s+){0,2})?$/;

/** Finds the audit events in a parsed record; an item of a list is a record of its own. */
function recognize(value: unknown, depth = 0): Recognized[] {
  if (depth > maxDepth) return [{ kind: 'not-audit' }];
  if (typeof value === 'string') return recognizeText(value, depth + 1);
  const items = listIn(value);
  if (items) return items.flatMap((item) => recognize(item, depth + 1));
  if (!isObject(value)) return [{ kind: 'not-audit' }];
  if (isAuditEvent(value)) {
    const cluster = clusterIn(value);
    const event = bounded(value);
    return [{ kind: 'event', event, format: 'json', ...(cluster === undefined ? {} : { cluster }) }];
  }
  return inEnvelope(value, depth);
}

function isAuditEvent(value: AuditEvent): boolean {
  const { kind, apiVersion, auditID, verb, stage, objectRef } = value;
  if (kind === 'Event' && typeof apiVersion === 'string' && apiVersion.startsWith('audit.k8s.io/'))
    return true;
  return (
    typeof auditID === 'string' && typeof verb === 'string' && (stage !== undefined || isObject(objectRef))
  );
}

/** An array, an EventList. */
function listIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  const items = at(value, 'items');
  if (at(value, 'kind') === 'EventList' && Array.isArray(items)) return items;
  return undefined;
}

function inEnvelope(value: AuditEvent, depth: number): Recognized[] {
  const logEvents = value['logEvents'];
  if (Array.isArray(logEvents)) {
    if (value['messageType'] === 'CONTROL_MESSAGE') return [];
    const logGroup = stringAt(value, 'logGroup');
    return logEvents.flatMap((event) => recognize(event, depth + 1)).map((found) => within(found, logGroup));
  }
  const extracted = clusterIn(value['extractedFields']);
  const cluster = clusterIn(value);
  const named = (item: Recognized): Recognized => {
    if (item.kind !== 'event') return item;
    return { ...(cluster ? { cluster } : {}), ...item, ...(extracted ? { cluster: extracted } : {}) };
  };
  let unreadable: readonly Recognized[] | undefined;
  for (const inner of [...wrappers.map((path) => at(value, ...path)), ...likelyTexts(value)]) {
    if (typeof inner !== 'string' && !isObject(inner)) continue;
    const found = recognize(inner, depth + 1);
    if (found.some(({ kind }) => kind === 'event')) return found.map(named);
    // the event may stand beside a text that was cut off
    if (found.some(({ kind }) => kind === 'unreadable')) unreadable ??= found;
  }
  return [...(unreadable ?? [{ kind: 'not-audit' as const }])];
}

/** Keys that are looked into where no wrapper is known: the key of Fluent Bit's text can be called anything. */
const maxKeys = 64;

function likelyTexts(value: AuditEvent): unknown[] {
  return Object.values(value)
    .slice(0, maxKeys)
    .filter((inner) => (typeof inner === 'string' ? /^\s*\{|^\S+ AUDIT: id="/.test(inner) : isObject(inner)));
}

function within(found: Recognized, logGroup: string | undefined): Recognized {
  return found.kind === 'event' && logGroup ? { logGroup, ...found } : found;
}
