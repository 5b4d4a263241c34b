import { at, isObject, ownValue, stringAt } from '../json/read-json.ts';
import { parseAddress } from '../kql/ip-address.ts';
import type { FieldType } from '../kql/schema.ts';
import type { AuditRecord } from './audit-record.ts';
import { valueReader, withoutEmpty } from './field-values.ts';

/** How one field is read from a record. */
export interface FieldEntry {
  readonly type: FieldType;
  /** For rule authors: where the value comes from. */
  readonly from: string;
  readonly read: (record: AuditRecord) => unknown;
  readonly constant?: string;
  /** The values that it can have. @default - any */
  readonly possible?: readonly string[];
  /** Keys from the event to the one value. */
  readonly path?: readonly string[];
  /** The values are values of the event, unchanged. @default - true with a path */
  readonly isVerbatim?: boolean;
}

const constant = (value: string): FieldEntry => ({
  type: 'keyword',
  from: `always \`${value}\``,
  read: () => value,
  constant: value,
});

const keyword = (...path: string[]): FieldEntry => {
  const valuesIn = valueReader(path);
  return { type: 'keyword', from: `\`${path.join('.')}\``, read: ({ event }) => valuesIn(event), path };
};

const addresses: FieldEntry = {
  type: 'ip',
  from: '`sourceIPs`; absent where one of them is no address',
  read: ({ event }) => validAddresses(withoutEmpty(at(event, 'sourceIPs'))),
};

export const auditPrefix = 'kubernetes.audit.';
export const annotationPrefix = 'annotations.';
const decisionKey = 'authorization_k8s_io/decision';

/** The ECS fields, as Elastic's pipeline fills them from an audit event. */
export const ecsFields: Readonly<Record<string, FieldEntry>> = {
  'data_stream.dataset': constant('kubernetes.audit_logs'),
  'data_stream.type': constant('logs'),
  'data_stream.namespace': constant('default'),
  'event.kind': constant('event'),
  'event.module': constant('kubernetes'),
  // not in the stream's pipeline but in its mapping: rules of before data streams name it
  'event.dataset': constant('kubernetes.audit_logs'),
  'event.action': keyword('verb'),
  'event.outcome': {
    type: 'keyword',
    possible: ['success', 'failure'],
    from: `\`success\` where the decision is \`allow\`, \`failure\` where it is \`forbid\``,
    read: ({ event }) => decisionOutcome(annotationOf(event, decisionKey)),
  },
  '@timestamp': {
    type: 'date',
    from: '`stageTimestamp`, else `requestReceivedTimestamp`',
    read: ({ event }) => stringAt(event, 'stageTimestamp') ?? stringAt(event, 'requestReceivedTimestamp'),
  },
  'user.name': keyword('user', 'username'),
  'user.id': keyword('user', 'uid'),
  'related.user': {
    type: 'keyword',
    from: '`user.uid` and `user.username`',
    isVerbatim: true,
    read: ({ event }) => [at(event, 'user', 'uid'), at(event, 'user', 'username')],
  },
  'user_agent.original': keyword('userAgent'),
  'source.ip': addresses,
  'client.ip': addresses,
  'related.ip': addresses,
  'orchestrator.type': constant('kubernetes'),
  'orchestrator.api_version': keyword('apiVersion'),
  'orchestrator.cluster.name': {
    type: 'keyword',
    from: 'the cluster, as csrwatch names it',
    read: ({ cluster }) => cluster,
  },
  'orchestrator.resource.type': keyword('objectRef', 'resource'),
  'orchestrator.resource.name': keyword('objectRef', 'name'),
  'orchestrator.namespace': keyword('objectRef', 'namespace'),
};

/** Paths below `kubernetes.audit.` that are no keywords. */
export const auditTypes: ReadonlyMap<string, FieldType> = new Map([
  ['user.groups', 'text'],
  ['impersonatedUser.groups', 'text'],
  ['sourceIPs', 'text'],
  ['responseStatus.message', 'text'],
  ['requestObject.spec.containers.image', 'text'],
  ['responseObject.spec.containers.image', 'text'],
  ['responseStatus.code', 'integer'],
  ['requestReceivedTimestamp', 'date'],
  ['stageTimestamp', 'date'],
  ['requestObject.rules', 'nested'],
  ['responseObject.rules', 'nested'],
] as const);

/** The last key of a path to a boolean below `kubernetes.audit.`. */
export const flags = ['privileged', 'allowPrivilegeEscalation', 'hostNetwork', 'hostPID', 'hostIPC'];

/** How the keys of annotations end that are texts; the others are keywords. */
export const textAnnotations = ['/reason', 'audit-violations'];

/** Keyword paths that the audit API knows; the others are read as keywords too, with a warning. */
export const auditKeywords = [
  'apiVersion',
  'auditID',
  'kind',
  'level',
  'stage',
  'verb',
  'requestURI',
  'userAgent',
  'user.username',
  'user.uid',
  'impersonatedUser.username',
  'impersonatedUser.uid',
  'objectRef.resource',
  'objectRef.namespace',
  'objectRef.name',
  'objectRef.uid',
  'objectRef.apiGroup',
  'objectRef.apiVersion',
  'objectRef.resourceVersion',
  'objectRef.subresource',
  'responseStatus.status',
  'responseStatus.reason',
  'annotations.authorization_k8s_io/decision',
];

/** Objects of the audit API that hold keys of any name. */
export const openObjects = [
  'user.extra',
  'impersonatedUser.extra',
  'annotations',
  'requestObject',
  'responseObject',
  'responseStatus.details',
];

/** An annotation by its key with dots as underscores, however the event spells it. */
export function annotationOf(event: unknown, key: string): unknown {
  const annotations = at(event, 'annotations');
  if (!isObject(annotations)) return undefined;
  for (const name of Object.keys(annotations)) {
    if (name.length !== key.length || name.replaceAll('.', '_') !== key) continue;
    const value = ownValue(annotations, name);
    if (value !== null && value !== '') return value;
  }
  return undefined;
}

function decisionOutcome(decision: unknown): string | undefined {
  if (decision === 'allow') return 'success';
  return decision === 'forbid' ? 'failure' : undefined;
}

/** One invalid address makes the field absent, as it makes Elastic's pipeline drop it. */
function validAddresses(values: readonly unknown[]): readonly unknown[] {
  const isAddress = (value: unknown) => typeof value === 'string' && parseAddress(value) !== undefined;
  return values.every(isAddress) ? values : [];
}
