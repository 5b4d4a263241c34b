import { at, isObject, stringAt } from '../json/read-json.ts';
import type { AuditEvent } from './audit-record.ts';

/**
 * Records of other systems that hold a Kubernetes request in a shape of their own. They are recognized before anything
 * in them is searched: the bodies in them are the client's, and an event in a body is not an event.
 */
export type ForeignShape =
  | { readonly kind: 'event'; readonly event: AuditEvent; readonly cluster: string | undefined }
  /** A shape that is known and not read, with what to do about it. */
  | { readonly kind: 'refused'; readonly reason: string };

export function foreignShape(value: AuditEvent): ForeignShape | undefined {
  if (stringAt(value, 'AuditId') !== undefined && stringAt(value, 'Verb') !== undefined)
    return { kind: 'event', event: fromAksTable(value), cluster: undefined };
  const payload = at(value, 'protoPayload');
  if (isObject(payload) && stringAt(payload, 'methodName') !== undefined)
    return fromCloudAuditLog(value, payload);
  if (stringAt(value, 'kind') === 'AdmissionReview' && isObject(value['request']))
    return {
      kind: 'refused',
      reason:
        'an AdmissionReview is not an audit event and lacks the answer of the API server: ' +
        "send the API server's audit log instead (--audit-log-path or --audit-webhook-config-file)",
    };
  return undefined;
}

/**
 * Columns of the Log Analytics tables AKSAudit and AKSAuditAdmin.
 * https://learn.microsoft.com/azure/azure-monitor/reference/tables/aksaudit
 */
const aksColumns: Readonly<Record<string, string>> = {
  Level: 'level',
  AuditId: 'auditID',
  Stage: 'stage',
  RequestUri: 'requestURI',
  Verb: 'verb',
  User: 'user',
  ImpersonatedUser: 'impersonatedUser',
  SourceIps: 'sourceIPs',
  UserAgent: 'userAgent',
  ObjectRef: 'objectRef',
  ResponseStatus: 'responseStatus',
  RequestObject: 'requestObject',
  ResponseObject: 'responseObject',
  RequestReceivedTime: 'requestReceivedTimestamp',
  StageReceivedTime: 'stageTimestamp',
  Annotations: 'annotations',
};

function fromAksTable(row: AuditEvent): AuditEvent {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    ...Object.fromEntries(
      Object.entries(aksColumns).flatMap(([column, field]) =>
        Object.hasOwn(row, column) ? [[field, columnValue(row[column])]] : [],
      ),
    ),
  };
}

/** A column of type dynamic is exported as an object, or as its JSON text. */
function columnValue(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}

/** gRPC status codes of Cloud Audit Logs as the HTTP codes that the API server answered. */
const httpCodes: Readonly<Record<number, number>> = { 0: 200, 3: 400, 5: 404, 6: 409, 7: 403, 16: 401 };

/**
 * GKE's audit events arrive as Cloud Audit Logs: `methodName` is `io.k8s.GROUP.VERSION.RESOURCE[.SUBRESOURCE].VERB`,
 * `resourceName` is `GROUP/VERSION/RESOURCE/NAME[/SUBRESOURCE]` or begins with `core/VERSION/namespaces/NAMESPACE`.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/audit-logging
 */
function fromCloudAuditLog(entry: AuditEvent, payload: AuditEvent): ForeignShape {
  const method = stringAt(payload, 'methodName') ?? '';
  if (!method.startsWith('io.k8s.'))
    return {
      kind: 'refused',
      reason: `a Cloud Audit Logs entry of ${quoted(method)} is not about Kubernetes`,
    };
  const verb = method.slice(method.lastIndexOf('.') + 1);
  const granted = at(payload, 'authorizationInfo', '0', 'granted');
  const labels = at(entry, 'labels');
  const decision = granted === true ? 'allow' : granted === false ? 'forbid' : undefined;
  return {
    kind: 'event',
    cluster: stringAt(entry, 'resource', 'labels', 'cluster_name'),
    event: withoutAbsent({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      auditID: stringAt(entry, 'operation', 'id') ?? stringAt(entry, 'insertId'),
      stage: 'ResponseComplete',
      verb,
      user: withoutAbsent({ username: stringAt(payload, 'authenticationInfo', 'principalEmail') }),
      sourceIPs: listOf(stringAt(payload, 'requestMetadata', 'callerIp')),
      userAgent: stringAt(payload, 'requestMetadata', 'callerSuppliedUserAgent'),
      objectRef: objectRefOf(stringAt(payload, 'resourceName') ?? ''),
      responseStatus: responseStatusOf(payload, verb),
      requestObject: payload['request'],
      responseObject: payload['response'],
      requestReceivedTimestamp: stringAt(entry, 'timestamp'),
      stageTimestamp: stringAt(entry, 'timestamp'),
      annotations: isObject(labels)
        ? { ...(decision ? { 'authorization.k8s.io/decision': decision } : {}), ...labels }
        : withoutAbsent({ 'authorization.k8s.io/decision': decision }),
    }),
  };
}

function responseStatusOf(payload: AuditEvent, verb: string): AuditEvent | undefined {
  const code = at(payload, 'status', 'code') ?? (isObject(payload['status']) ? 0 : undefined);
  if (typeof code !== 'number') return undefined;
  if (code === 0 && verb === 'create') return { code: 201 };
  return withoutAbsent({ code: httpCodes[code], message: stringAt(payload, 'status', 'message') });
}

function objectRefOf(resourceName: string): AuditEvent {
  const [group = '', apiVersion, ...rest] = resourceName.split('/');
  const namespace = rest[0] === 'namespaces' && rest.length > 2 ? rest.splice(0, 2)[1] : undefined;
  const [resource, name, subresource] = rest;
  const apiGroup = group === 'core' ? undefined : group;
  return withoutAbsent({ resource, namespace, name, apiGroup, apiVersion, subresource });
}

function listOf(value: string | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [value];
}

function withoutAbsent(value: Record<string, unknown>): AuditEvent {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
