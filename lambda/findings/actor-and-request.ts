import type { AuditEvent } from '../audit/audit-record.ts';
import { at, stringAt, stringsAt } from '../json/read-json.ts';
import { knownObjectsOf, requestedObjectOf, responseObjectOf } from './event-body.ts';
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
  const objects = knownObjectsOf(event);
  const first = <T>(read: (object: AuditEvent) => T | undefined): T | undefined =>
    objects.map(read).find((value) => value !== undefined);
  const name =
    stringAt(event, 'objectRef', 'name') ?? first((object) => stringAt(object, 'metadata', 'name'));
  const uid = stringAt(event, 'objectRef', 'uid') ?? first((object) => stringAt(object, 'metadata', 'uid'));
  const signerName = first((object) => stringAt(object, 'spec', 'signerName'));
  const usages = first((object) => texts(at(object, 'spec', 'usages')));
  const expirationSeconds = first((object) => finite(at(object, 'spec', 'expirationSeconds')));
  const requester = requesterOf(event);
  return {
    ...(name === undefined ? {} : { name }),
    ...(uid === undefined ? {} : { uid }),
    ...(signerName === undefined ? {} : { signerName }),
    ...(usages === undefined ? {} : { usages }),
    ...(expirationSeconds === undefined ? {} : { expirationSeconds }),
    ...(requester === undefined
      ? {}
      : {
          requester: requester.name,
          ...(requester.groups.length > 0 ? { requesterGroups: requester.groups } : {}),
          ...(requester.isClaimed ? { requesterClaimed: true } : {}),
        }),
  };
}

function texts(value: unknown): string[] | undefined {
  const found = Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  return found.length > 0 ? found : undefined;
}

function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export interface Requester {
  readonly name: string;
  readonly groups: readonly string[];
  /** The client wrote the name into its request, and the log does not show what the API server stored. */
  readonly isClaimed: boolean;
}

/**
 * `spec.username`. In a response the API server has set it. For a creation without a logged response it is the acting
 * user. In any other request it is what the client claims: the API server ignores it there.
 */
function requesterOf(event: AuditEvent): Requester | undefined {
  const response = responseObjectOf(event);
  const answered = stringAt(response, 'spec', 'username');
  if (answered !== undefined) {
    return { name: answered, groups: stringsAt(response, 'spec', 'groups'), isClaimed: false };
  }
  if (phaseOf(event) === 'requested') {
    const user = stringAt(event, 'impersonatedUser', 'username') === undefined ? 'user' : 'impersonatedUser';
    const name = stringAt(event, user, 'username');
    return name === undefined
      ? undefined
      : { name, groups: stringsAt(event, user, 'groups'), isClaimed: false };
  }
  const requested = requestedObjectOf(event);
  const claimed = requested.kind === 'object' ? stringAt(requested.object, 'spec', 'username') : undefined;
  return claimed === undefined ? undefined : { name: claimed, groups: [], isClaimed: true };
}

/** The cluster's own signers, whose requests contain the stored object. */
export const clusterSigners =
  /^(system:kube-controller-manager|system:serviceaccount:kube-system:certificate-controller|system:gcp-controller-manager|eks:certificate-controller)$/;

/** The requester, unless it is only the claim of a client that a rule must not be talked down by. */
export function statedRequesterOf(event: AuditEvent): string | undefined {
  const requester = requesterOf(event);
  const isTrusted = clusterSigners.test(stringAt(event, 'user', 'username') ?? '');
  return requester && (!requester.isClaimed || isTrusted) ? requester.name : undefined;
}
