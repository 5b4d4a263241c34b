import { at, isObject, stringAt } from '../json/read-json.ts';

/** What `csrwatch follow` asks of the watch list, by invoking the function: both sides use this type. */
export type FollowRequest =
  | { readonly action: 'list' }
  | {
      readonly action: 'add';
      /** The SHA-256 fingerprint: 64 hexadecimal digits in lower case. */
      readonly certificate: string;
      readonly reason: string;
      readonly cluster?: string;
      readonly subject?: string;
      /** RFC 3339. */
      readonly until?: string;
    }
  | { readonly action: 'remove'; readonly certificate: string; readonly reason: string };

/** `invalid`: the reason is a sentence. */
export type ReadFollowRequest =
  | { readonly kind: 'request'; readonly request: FollowRequest }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Whether an event of the function is a request: `{"follow": {"action": …}}`. */
export function isFollowRequest(event: unknown): boolean {
  return isObject(at(event, 'follow'));
}

export function readFollowRequest(event: unknown): ReadFollowRequest {
  const follow = at(event, 'follow');
  const action = stringAt(follow, 'action');
  if (action === 'list') return { kind: 'request', request: { action } };
  if (action !== 'add' && action !== 'remove') return invalid('The action is not list, add or remove.');
  const certificate = stringAt(follow, 'certificate') ?? '';
  if (!/^[0-9a-f]{64}$/.test(certificate))
    return invalid('The certificate is not a SHA-256 fingerprint: 64 hexadecimal digits in lower case.');
  const reason = stringAt(follow, 'reason')?.trim();
  if (!reason) return invalid('A reason is needed.');
  if (action === 'remove') return { kind: 'request', request: { action, certificate, reason } };
  const until = stringAt(follow, 'until');
  if (until !== undefined && Number.isNaN(Date.parse(until)))
    return invalid('The end of the certificate is not a time such as 2027-11-23T21:51:10Z.');
  const cluster = stringAt(follow, 'cluster');
  const subject = stringAt(follow, 'subject');
  return {
    kind: 'request',
    request: {
      ...{ action, certificate, reason },
      ...(cluster === undefined ? {} : { cluster }),
      ...(subject === undefined ? {} : { subject }),
      ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
    },
  };
}

function invalid(reason: string): ReadFollowRequest {
  return { kind: 'invalid', reason };
}
