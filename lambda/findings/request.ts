import type { AuditEvent } from '../audit/event.ts';
import { at, numberAt, stringAt, stringsAt } from '../audit/read.ts';
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

/** The request as far as the JSON carries it. The response is the API server's word, so it goes first. */
export function requestOf(event: AuditEvent): CsrRequest {
  const bodies = [at(event, 'responseObject'), at(event, 'requestObject')].filter(isCsr);
  const first = <T>(read: (body: unknown) => T | undefined): T | undefined =>
    bodies.map(read).find((value) => value !== undefined);
  const name = stringAt(event, 'objectRef', 'name') ?? first((body) => stringAt(body, 'metadata', 'name'));
  const uid = stringAt(event, 'objectRef', 'uid') ?? first((body) => stringAt(body, 'metadata', 'uid'));
  const signerName = first((body) => stringAt(body, 'spec', 'signerName'));
  const usages = first((body) => {
    const found = stringsAt(body, 'spec', 'usages');
    return found.length > 0 ? found : undefined;
  });
  const expirationSeconds = first((body) => numberAt(body, 'spec', 'expirationSeconds'));
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

/**
 * `spec.username`, which the API server sets: in a response always, in a request only where it carries
 * the object as it is stored. A creation whose response isn't logged: the acting user.
 */
export function requesterOf(event: AuditEvent): string | undefined {
  const answered = stringAt(event, 'responseObject', 'spec', 'username');
  if (answered !== undefined) return answered;
  if (phaseOf(event) === 'requested') {
    return stringAt(event, 'impersonatedUser', 'username') ?? stringAt(event, 'user', 'username');
  }
  return stringAt(event, 'requestObject', 'spec', 'username');
}

/** A refusal's body is a Status object, which has a `metadata` and `details.name` of its own. */
function isCsr(body: unknown): boolean {
  return stringAt(body, 'kind') !== 'Status';
}
