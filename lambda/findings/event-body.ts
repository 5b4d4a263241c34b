import type { AuditEvent } from '../audit/audit-record.ts';
import { at, isObject, numberAt, stringAt } from '../json/read-json.ts';
import { appliedPatch } from './json-patch.ts';

/**
 * What is known of the object of a request. `object` holds the fields that the log shows. A patch whose effect cannot be
 * known without the stored object is `unknown`.
 */
export type ResultingObject =
  | { readonly kind: 'object'; readonly object: AuditEvent }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'absent' };

/**
 * The object as the API server returned it. Absent for an answer other than 2xx and for a Status, and if something else
 * is in its place: AKS writes a string instead of a large body.
 */
export function responseObjectOf(event: AuditEvent): AuditEvent | undefined {
  const code = numberAt(event, 'responseStatus', 'code');
  const response = at(event, 'responseObject');
  if (code !== undefined && (code < 200 || code > 299)) return undefined;
  return isObject(response) && stringAt(response, 'kind') !== 'Status' ? response : undefined;
}

/** What the client sent, applied in order if it is a JSON patch. Whole objects, merge patches and apply documents are alike. */
export function requestedObjectOf(event: AuditEvent): ResultingObject {
  const body = at(event, 'requestObject');
  if (isObject(body)) return { kind: 'object', object: body };
  if (!Array.isArray(body)) return { kind: 'absent' };
  const object = appliedPatch(body);
  return object ? { kind: 'object', object } : { kind: 'unknown' };
}

/** The response decides what happened: the API server wrote it. Without it, the request does. */
export function resultingObjectOf(event: AuditEvent): ResultingObject {
  const response = responseObjectOf(event);
  return response ? { kind: 'object', object: response } : requestedObjectOf(event);
}

/** The objects to read a field from, the more certain one first. */
export function knownObjectsOf(event: AuditEvent): AuditEvent[] {
  const requested = requestedObjectOf(event);
  return [responseObjectOf(event), requested.kind === 'object' ? requested.object : undefined].filter(
    (object) => object !== undefined,
  );
}

/** Whether the log contains anything that the client sent or the API server returned. */
export function hasBody(event: AuditEvent): boolean {
  return responseObjectOf(event) !== undefined || requestedObjectOf(event).kind !== 'absent';
}
