import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { requestKey } from '../../lambda/findings/request-key.ts';
import { at, numberAt, stringAt, stringsAt } from '../../lambda/json/read-json.ts';
import { listText } from '../../lambda/text/list-text.ts';
import { shown, shownIfAny, shownQuoted } from './shown-text.ts';

/** One request, as a timeline shows it. Its texts are visible and of bounded length. */
export interface RequestLine {
  /** Equal for the stages of one request. */
  readonly key: string;
  /** RFC 3339: when the API server received the request. */
  readonly time: string | undefined;
  readonly who: string;
  readonly from: string;
  readonly userAgent: string;
  readonly verb: string;
  /** Such as `pods/exec shop/web-0`. */
  readonly object: string;
  /** The response code; absent if the API server has not answered yet. */
  readonly code: number | undefined;
  /** Why an investigator looks at it first: `secrets`. */
  readonly sensitive: string | undefined;
  /** Ids. */
  readonly rules: readonly string[];
}

export function requestLine(record: AuditRecord, rules: readonly string[]): RequestLine {
  const { event } = record;
  const impersonated = stringAt(event, 'impersonatedUser', 'username');
  const as = impersonated === undefined ? '' : ` as ${shownQuoted(impersonated, 100)}`;
  return {
    key: requestKey(record),
    time: shownIfAny(stringAt(event, 'requestReceivedTimestamp') ?? stringAt(event, 'stageTimestamp'), 40),
    who: `${shownIfAny(stringAt(event, 'user', 'username'), 150) ?? 'an unnamed user'}${as}`,
    from: listText(stringsAt(event, 'sourceIPs'), 3, (text) => shownQuoted(text, 60)),
    userAgent: shownIfAny(stringAt(event, 'userAgent'), 120) ?? '',
    verb: shownIfAny(stringAt(event, 'verb'), 30) ?? 'no verb',
    object: objectOf(event),
    code: numberAt(event, 'responseStatus', 'code'),
    sensitive: sensitivity(event),
    rules: rules.map((id) => shown(id, 100)),
  };
}

function objectOf(event: unknown): string {
  const ref = at(event, 'objectRef');
  const resource = stringAt(ref, 'resource');
  if (resource === undefined) return shownIfAny(stringAt(event, 'requestURI'), 150) ?? 'an unknown object';
  const kind = [resource, stringAt(ref, 'subresource')].filter((part) => part !== undefined).join('/');
  const name = [stringAt(ref, 'namespace'), stringAt(ref, 'name')].filter((part) => part !== undefined);
  return [shownQuoted(kind, 100), ...(name.length > 0 ? [shownQuoted(name.join('/'), 150)] : [])].join(' ');
}

const byResource: Readonly<Record<string, string>> = {
  secrets: 'secrets',
  'pods/exec': 'runs a command in a pod',
  'pods/attach': 'attaches to a pod',
  'pods/portforward': 'forwards a port',
  'pods/ephemeralcontainers': 'adds a container to a pod',
  'nodes/proxy': 'uses the kubelet',
  'serviceaccounts/token': 'token',
  tokenreviews: 'token',
  certificatesigningrequests: 'CSR',
  'certificatesigningrequests/approval': 'CSR',
  'certificatesigningrequests/status': 'CSR',
};

const readVerbs = ['get', 'list', 'watch'];

function sensitivity(event: unknown): string | undefined {
  const ref = at(event, 'objectRef');
  const resource = stringAt(ref, 'resource') ?? '';
  const subresource = stringAt(ref, 'subresource');
  const kind = subresource === undefined ? resource : `${resource}/${subresource}`;
  if (stringAt(event, 'impersonatedUser', 'username') !== undefined) return 'impersonation';
  if (Object.hasOwn(byResource, kind)) return byResource[kind];
  const isRbac = stringAt(ref, 'apiGroup') === 'rbac.authorization.k8s.io';
  return isRbac && !readVerbs.includes(stringAt(event, 'verb') ?? '') ? 'permissions' : undefined;
}
