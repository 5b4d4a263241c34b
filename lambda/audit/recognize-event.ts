/**
 * Finds the audit events in one record. A producer may wrap an event in objects, lists and JSON strings of its own, so
 * the search opens all of them, to a bounded depth and number of values. It never looks inside an audit event or inside
 * the body of a request: what a client wrote there must not become an event.
 */
import { at, isObject, stringAt } from '../json/read-json.ts';
import type { AuditEvent } from './audit-record.ts';
import { bounded } from './bound-values.ts';
import { fieldOfCsvRow } from './csv-field.ts';
import { type Around, aroundHead, clusterIn, named, placed, podIn } from './event-surroundings.ts';
import { foreignShape } from './foreign-shapes.ts';
import { isAuditEvent, isPartOfEvent, withoutCopies } from './is-audit-event.ts';
import { readLegacyLine } from './legacy-line.ts';
import type { Recognized, RecognizedEvent } from './recognized.ts';
import { truncatedEvent } from './truncated-event.ts';

/** Keys that hold one record per item: each item without an event counts as a record that was not an audit event. */
const recordLists: ReadonlySet<string> = new Set([
  'items',
  'logEvents',
  'events',
  'records',
  'entries',
  'Records',
]);

/** JSON in a string in JSON …: producers nest three levels at most. */
const maxTextDepth = 6;
/** Objects and lists inside each other, around an event. Elasticsearch's responses have six. */
const maxDepth = 24;
/** Values that are visited in one record; more than an EventList of the largest size has outside its events. */
const maxValues = 1_000_000;

/** How deep a value is inside the record. */
interface Depth {
  /** Objects and lists around it, and strings that were parsed. */
  readonly levels: number;
  /** Strings that were parsed. */
  readonly texts: number;
}

const top: Depth = { levels: 0, texts: 0 };
const deeper = ({ levels, texts }: Depth): Depth => ({ levels: levels + 1, texts });
const inString = ({ levels, texts }: Depth): Depth => ({ levels: levels + 1, texts: texts + 1 });

/** What the search keeps while it goes through one record. */
interface Search {
  valuesLeft: number;
  /** The search gave up at one of its limits: the record may hold events that were not found. */
  limit: string | undefined;
}

/** Where JSON begins; before it may be a word in brackets, such as a process's number. */
const json = /\{|\[\s*[{["]/;

/** Nothing, or a forwarder's time and up to two words: Fluentd's tag, Logstash's host, CRI's stream and flag. */
const prefix = /^\s*(?:\d{4}-\d\d-\d\dT\S+\s+(?:\S+\s+){0,2})?$/;

/**
 * What begins behind it is the value of a member, or follows an item of a list: the text begins within a document, perhaps
 * within a request's body.
 */
const isRest = /(?:^|")\s*:\s*$|(?:^|[}\]])\s*,\s*$/;
const restCharacters = 32;

/** JSON.parse counts lines from the record's beginning, which would contradict the line of the record's place. */
const lineInRecord = / \(line \d+ column \d+\)$/;

/** Reads the text of a record: JSON, JSON after a prefix, a legacy audit line, or something else. */
export function recognizeText(text: string): Recognized[] {
  const search: Search = { valuesLeft: maxValues, limit: undefined };
  const found = inText(text, search, top);
  return search.limit === undefined ? found : [...found, { kind: 'unreadable', reason: search.limit }];
}

function inText(text: string, search: Search, depth: Depth): Recognized[] {
  const legacy = readLegacyLine(text);
  if (legacy) return [{ kind: 'event', event: legacy, format: 'legacy' }];
  const start = documentStart(text);
  if (start < 0) return [{ kind: 'not-audit', isJson: false, content: text }];
  if (depth.texts > maxTextDepth)
    return atLimit(search, `JSON in strings is nested deeper than ${maxTextDepth} levels`);
  const document = parsed(text.slice(start));
  if (document.ok) return inRecord(document.value, search, depth);
  return inMalformed(text, start, document.message, search, depth);
}

function documentStart(text: string): number {
  if (text.startsWith('"')) return 0;
  // a list, unless the bracket begins a prefix such as `[pod/kube-apiserver-1] {"kind":`
  const list = /^\s*\[/.exec(text);
  if (list && parsed(text).ok) return 0;
  const start = text.search(json);
  return isRest.test(text.slice(Math.max(0, start - restCharacters), Math.max(0, start))) ? -1 : start;
}

function parsed(text: string): { ok: true; value: unknown } | { ok: false; message: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return { ok: false, message: error.message };
    throw error;
  }
}

function inMalformed(
  text: string,
  start: number,
  message: string,
  search: Search,
  depth: Depth,
): Recognized[] {
  const row = fieldOfCsvRow(text);
  if (row !== undefined) return inText(row, search, inString(depth));
  const before = text.slice(0, start);
  const head = truncatedEvent(text.slice(start));
  switch (head.kind) {
    case 'event': {
      const event: RecognizedEvent = { kind: 'event', format: 'truncated', ...aroundHead(head) };
      return [
        { kind: 'truncated', reason: 'truncated: the record is cut off inside an audit event', head: event },
      ];
    }
    case 'cut':
      if (!startsDocument(text, start)) break;
      return [{ kind: 'truncated', reason: 'truncated: the record is cut off', head: undefined }];
    case 'malformed':
      break;
  }
  if (!prefix.test(before) && !head.looksLikeEvent)
    return [{ kind: 'not-audit', isJson: false, content: text }];
  return [{ kind: 'unreadable', reason: `not JSON: ${message.replace(lineInRecord, '')}` }];
}

/** A brace in the middle of a sentence is no document; after a prefix a key has to follow it. */
function startsDocument(text: string, start: number): boolean {
  return prefix.test(text.slice(0, start)) || /^\{\s*"/.test(text.slice(start, start + 64));
}

/** A parsed record: a list of records, or one. */
function inRecord(value: unknown, search: Search, depth: Depth): Recognized[] {
  if (Array.isArray(value) && depth.levels <= maxDepth)
    return value.flatMap((item) => inRecord(item, search, deeper(depth)));
  if (typeof value === 'string') return inText(value, search, inString(depth));
  const found = inValue(value, search, depth);
  return found.length > 0 || isControlMessage(value)
    ? found
    : [{ kind: 'not-audit', isJson: isObject(value), content: value }];
}

function isControlMessage(value: unknown): boolean {
  return at(value, 'messageType') === 'CONTROL_MESSAGE' && Array.isArray(at(value, 'logEvents'));
}

/** @returns what the value holds; nothing if there is neither an event nor anything that may be a damaged one */
function inValue(value: unknown, search: Search, depth: Depth): Recognized[] {
  if (typeof value === 'string')
    return mayHoldEvent(value) ? withoutPlain(inText(value, search, inString(depth))) : [];
  if (typeof value !== 'object' || value === null) return [];
  search.valuesLeft -= 1;
  if (search.valuesLeft < 0) return atLimit(search, `more than ${maxValues} values around the events`);
  if (depth.levels > maxDepth)
    return atLimit(search, `nested deeper than ${maxDepth} levels around the events`);
  if (!isObject(value)) return Object.values(value).flatMap((item) => inValue(item, search, deeper(depth)));
  if (isAuditEvent(value)) {
    const event: RecognizedEvent = { kind: 'event', event: bounded(value), format: 'json' };
    return [named(event, { cluster: clusterIn(value) })];
  }
  const foreign = foreignShape(value);
  if (foreign?.kind === 'refused') return [{ kind: 'unreadable', reason: foreign.reason }];
  if (foreign) {
    const event: RecognizedEvent = { kind: 'event', event: bounded(foreign.event), format: 'json' };
    return [named(event, { cluster: foreign.cluster ?? clusterIn(value) })];
  }
  // the sender of a request chooses its texts, so nothing is searched inside it
  if (isPartOfEvent(value))
    return [{ kind: 'unreadable', reason: 'an audit event without its kind or its verb' }];
  return inEnvelope(value, search, depth);
}

function atLimit(search: Search, limit: string): Recognized[] {
  search.limit ??= `not read to its end: ${limit}`;
  return [];
}

/** A cheap look at strings of any key: most of them are words. */
function mayHoldEvent(text: string): boolean {
  return text.includes('{') || text.includes('AUDIT: id="');
}

/** Inside an envelope a string without an event is just a string. */
function withoutPlain(found: readonly Recognized[]): Recognized[] {
  return found.filter(({ kind }) => kind !== 'not-audit');
}

function inEnvelope(value: AuditEvent, search: Search, depth: Depth): Recognized[] {
  if (isControlMessage(value)) return [];
  const around: Around = {
    logGroup: stringAt(value, 'logGroup'),
    account: stringAt(value, 'logGroup') === undefined ? undefined : stringAt(value, 'owner'),
    cluster: clusterIn(value),
    pod: podIn(value),
  };
  const extracted = clusterIn(value['extractedFields']);
  return insideOf(value, search, depth).map((item) => placed(item, around, extracted));
}

/** An event may be in an envelope twice: as the text that arrived, and parsed. The text comes first, since it is whole. */
function insideOf(value: AuditEvent, search: Search, depth: Depth): Recognized[] {
  const entries = Object.entries(value);
  const texts = entries.flatMap(([, inner]) =>
    typeof inner === 'string' ? inValue(inner, search, deeper(depth)) : [],
  );
  const items = entries.flatMap(([key, inner]) =>
    recordLists.has(key) && Array.isArray(inner)
      ? inner.flatMap((item) => inRecord(item, search, deeper(depth)))
      : [],
  );
  const objects = entries.flatMap(([key, inner]) =>
    typeof inner === 'string' || (recordLists.has(key) && Array.isArray(inner))
      ? []
      : inValue(inner, search, deeper(depth)),
  );
  const isWhole = [...texts, ...objects].some(({ kind }) => kind === 'event');
  const wholeTexts = texts.filter(({ kind }) => kind === 'event');
  return [...items, ...withoutCopies([...(isWhole ? wholeTexts : texts), ...objects])];
}
