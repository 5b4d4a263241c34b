import type { AuditEvent } from '../audit/audit-record.ts';
import { at, stringAt, stringsAt } from '../json/read-json.ts';
import { bodiesOf, carried, carriedText } from './event-body.ts';
import type { Actor, CsrRequest } from './finding.ts';
import { phaseOf } from './phase.ts';

export function actorOf(event: AuditEvent): Actor {
  const uid = stringAt(event, 'user', 'uid');
  const userAgent = stringAt(event, 'userAgent');
  const impersonated = stringAt(event, 'impersonatedUser', 'username');
  const groups = stringsAt(event, 'impersonatedUser', 'groups');
  return {
    name: stringAt(event, 'user', 'username') ?? null,
    ...(uid === undefined ? {} : { uid }),
    groups: stringsAt(event, 'user', 'groups'),
    extra: extraOf(event),
    ...(impersonated === undefined ? {} : { impersonated: { name: impersonated, groups } }),
    sourceIPs: stringsAt(event, 'sourceIPs'),
    ...(userAgent === undefined ? {} : { userAgent }),
  };
}

function extraOf(event: AuditEvent): Record<string, readonly string[]> {
  const extra = at(event, 'user', 'extra');
  if (typeof extra !== 'object' || extra === null) return {};
  return Object.fromEntries(Object.keys(extra).map((key) => [key, stringsAt(extra, key)]));
}

/** What the JSON of the event states about the request. The response comes from the API server, so it takes precedence. */
export function requestOf(event: AuditEvent): CsrRequest {
  const bodies = bodiesOf(event);
  const first = <T>(read: (body: unknown) => T | undefined): T | undefined =>
    bodies.map(read).find((value) => value !== undefined);
  const name = stringAt(event, 'objectRef', 'name') ?? first((body) => carriedText(body, 'metadata', 'name'));
  const uid = stringAt(event, 'objectRef', 'uid') ?? first((body) => carriedText(body, 'metadata', 'uid'));
  const signerName = first((body) => carriedText(body, 'spec', 'signerName'));
  const usages = first((body) => texts(carried(body, 'spec', 'usages')));
  const expirationSeconds = first((body) => finite(carried(body, 'spec', 'expirationSeconds')));
  const requester = requesterOf(event);
  return {
    ...(name === undefined ? {} : { name }),
    ...(uid === undefined ? {} : { uid }),
    ...(signerName === undefined ? {} : { signerName }),
    ...(usages === undefined ? {} : { usages }),
    ...(expirationSeconds === undefined ? {} : { expirationSeconds }),
    ...(requester === undefined ? {} : { requester }),
  };
}

function texts(value: unknown): string[] | undefined {
  const found = Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  return found.length > 0 ? found : undefined;
}

function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/**
 * `spec.username`. In a response the API server has set it; in a request it is set only if the request contains the
 * stored object. For a creation without a logged response: the acting user.
 */
export function requesterOf(event: AuditEvent): string | undefined {
  const answered = stringAt(event, 'responseObject', 'spec', 'username');
  if (answered !== undefined) return answered;
  if (phaseOf(event) === 'requested') {
    return stringAt(event, 'impersonatedUser', 'username') ?? stringAt(event, 'user', 'username');
  }
  return carriedText(at(event, 'requestObject'), 'spec', 'username');
}
