import { isObject, stringAt } from '../json/read-json.ts';
import type { AuditEvent } from './audit-record.ts';
import { type OpenContainer, readJsonHead } from './json-head.ts';
import { objectRefOfUri } from './request-uri.ts';

/** What can be read of a record that is not JSON as a whole. */
export type TruncatedRecord =
  /** The cut is inside an audit event, which holds all that was complete before it. */
  | {
      readonly kind: 'event';
      readonly event: AuditEvent;
      /** The complete members of the envelopes around the event, from the outermost inward. */
      readonly around: readonly AuditEvent[];
      readonly looksLikeEvent: true;
    }
  /** The text ends inside its document, and no event is open there. */
  | { readonly kind: 'cut'; readonly looksLikeEvent: false }
  /** The text is damaged before its end. */
  | { readonly kind: 'malformed'; readonly looksLikeEvent: boolean };

/** JSON in a string in JSON …, as in whole records. */
const maxTextDepth = 6;

/** The beginning of an event as kube-apiserver, or another writer of the audit API, writes it. */
const eventHead = /^\s*\{\s*\\*"(?:kind\\*"\s*:\s*\\*"Event\\*"|auditID\\*"\s*:)/;

/**
 * Reads the event that a text was cut off in. kube-apiserver writes kind, level, auditID, stage, requestURI, verb, user,
 * sourceIPs, userAgent, objectRef and responseStatus before the bodies, and the annotations last, so that even a padded
 * body leaves who did what. The decision is missing.
 * @param text - begins with `{` or `[`
 */
export function truncatedEvent(text: string, depth = 0): TruncatedRecord {
  const head = readJsonHead(text);
  if (head.kind === 'malformed')
    return { kind: 'malformed', looksLikeEvent: eventHead.test(text.slice(0, 1_024)) };
  const around: AuditEvent[] = [];
  for (const [index, container] of head.open.entries()) {
    if (container.kind === 'list') continue;
    const { members } = container;
    if (isEventHead(members)) {
      const isInnermost = index === head.open.length - 1;
      const event = withTarget(members, isInnermost ? partialUri(container, head.openText) : undefined);
      return { kind: 'event', event, around, looksLikeEvent: true };
    }
    around.push(members);
  }
  const inner =
    head.openText === undefined || depth >= maxTextDepth ? undefined : inText(head.openText, depth);
  if (inner?.kind === 'event') return { ...inner, around: [...around, ...inner.around] };
  return { kind: 'cut', looksLikeEvent: false };
}

function inText(text: string, depth: number): TruncatedRecord | undefined {
  const start = text.indexOf('{');
  return start < 0 ? undefined : truncatedEvent(text.slice(start), depth + 1);
}

/** Enough of an event to tell it from any other object, wherever the cut is. */
function isEventHead({ kind, apiVersion, auditID, stage, verb }: AuditEvent): boolean {
  if (kind === 'Event' && typeof apiVersion === 'string' && apiVersion.startsWith('audit.k8s.io/'))
    return true;
  return typeof auditID === 'string' && (typeof verb === 'string' || stage !== undefined);
}

function partialUri(container: Extract<OpenContainer, { kind: 'object' }>, openText: string | undefined) {
  return container.openKey === 'requestURI' ? openText : undefined;
}

/** A long query can push everything after the URI out of the record: the resource is then read from the URI. */
function withTarget(members: AuditEvent, uriStart: string | undefined): AuditEvent {
  const requestURI = stringAt(members, 'requestURI') ?? uriStart;
  if (requestURI === undefined || isObject(members['objectRef'])) return members;
  const objectRef = objectRefOfUri(requestURI);
  return { ...members, requestURI, ...(objectRef === undefined ? {} : { objectRef }) };
}
