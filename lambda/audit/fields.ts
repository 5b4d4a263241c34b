import type { Field, FieldType, Schema } from '../kql/schema.ts';
import type { AuditRecord } from './event.ts';
import { at, stringAt, stringsAt } from './read.ts';
import { leaves, valuesAt, withoutEmpty } from './values.ts';

type Read = (record: AuditRecord) => unknown;

/** Readers of the fields that are worked out: `csrwatch.phase` and the like. */
export type OwnFields = Readonly<Record<string, (record: AuditRecord) => string | undefined>>;

interface Entry {
  readonly type: FieldType;
  readonly read: Read;
  readonly constant?: string;
  /** Where the value stands in the event, verbatim. */
  readonly path?: readonly string[];
  readonly array?: true;
}

const constant = (value: string): Entry => ({ type: 'keyword', read: () => value, constant: value });
const keyword = (...path: string[]): Entry => ({
  type: 'keyword',
  read: ({ event }) => at(event, ...path),
  path,
});
const addresses: Entry = { type: 'ip', read: ({ event }) => validAddresses(stringsAt(event, 'sourceIPs')) };

/** How each ECS field is read from an audit event. */
const ecs: Readonly<Record<string, Entry>> = {
  'data_stream.dataset': constant('kubernetes.audit_logs'),
  'data_stream.type': constant('logs'),
  'data_stream.namespace': constant('default'),
  'event.kind': constant('event'),
  'event.module': constant('kubernetes'),
  'event.action': keyword('verb'),
  'event.outcome': { type: 'keyword', read: ({ event }) => decisionOutcome(annotation(event, decisionKey)) },
  '@timestamp': {
    type: 'date',
    read: ({ event }) => stringAt(event, 'stageTimestamp') ?? stringAt(event, 'requestReceivedTimestamp'),
  },
  'user.name': keyword('user', 'username'),
  'user.id': keyword('user', 'uid'),
  'related.user': {
    type: 'keyword',
    read: ({ event }) => [at(event, 'user', 'uid'), at(event, 'user', 'username')],
  },
  'user_agent.original': keyword('userAgent'),
  'source.ip': addresses,
  'client.ip': addresses,
  'related.ip': addresses,
  'orchestrator.type': constant('kubernetes'),
  'orchestrator.api_version': keyword('apiVersion'),
  'orchestrator.cluster.name': { type: 'keyword', read: ({ cluster }) => cluster },
  'orchestrator.resource.type': keyword('objectRef', 'resource'),
  'orchestrator.resource.name': keyword('objectRef', 'name'),
  'orchestrator.namespace': keyword('objectRef', 'namespace'),
};

const auditPrefix = 'kubernetes.audit.';
const annotationPrefix = 'annotations.';
const decisionKey = 'authorization_k8s_io/decision';

/** Paths below `kubernetes.audit.` that are no keywords. */
const auditTypes: Readonly<Record<string, FieldType>> = {
  'user.groups': 'text',
  'impersonatedUser.groups': 'text',
  sourceIPs: 'text',
  'responseStatus.message': 'text',
  'requestObject.spec.containers.image': 'text',
  'responseObject.spec.containers.image': 'text',
  'responseStatus.code': 'integer',
  requestReceivedTimestamp: 'date',
  stageTimestamp: 'date',
  'requestObject.rules': 'nested',
  'responseObject.rules': 'nested',
};
const flags = /\.(privileged|allowPrivilegeEscalation|hostNetwork|hostPID|hostIPC)$/;

/** Keyword paths that the audit API knows; the others are read as keywords too, with a warning. */
const auditKeywords = [
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
const knownRoots = /^(user\.extra|impersonatedUser\.extra|annotations|requestObject|responseObject)\./;

/** The one table of fields: what a rule may name, of which type it is, and how it is read. */
export function auditSchema(own: OwnFields): Schema<AuditRecord> {
  const fixed = new Map<string, Field<AuditRecord>>();
  for (const [name, entry] of Object.entries(ecs)) fixed.set(name, fieldOf(name, entry));
  for (const [name, read] of Object.entries(own)) fixed.set(name, fieldOf(name, { type: 'keyword', read }));
  for (const path of [...auditKeywords, ...Object.keys(auditTypes)]) {
    fixed.set(auditPrefix + path, auditField(path, true));
  }
  const field = (name: string): Field<AuditRecord> => {
    const found = fixed.get(name);
    if (found) return found;
    if (name.startsWith(auditPrefix)) return auditField(name.slice(auditPrefix.length), false);
    return { name, type: 'keyword', known: false, read: () => [] };
  };
  const known = [...fixed.values()];
  return {
    field,
    known,
    *present(record) {
      for (const entry of known) if (entry.read(record).length > 0) yield entry;
      for (const path of leaves(record.event)) {
        const name = auditPrefix + indexedPath(path);
        if (!fixed.has(name)) yield field(name);
      }
    },
  };
}

function fieldOf(name: string, entry: Entry): Field<AuditRecord> {
  return {
    name,
    type: entry.type,
    known: true,
    read: (record) => withoutEmpty(entry.read(record)),
    ...(entry.constant === undefined ? {} : { constant: entry.constant }),
    ...(entry.path ? { raw: { path: entry.path, reachesArray: entry.array ?? false } } : {}),
  };
}

function auditField(path: string, listed: boolean): Field<AuditRecord> {
  const name = auditPrefix + path;
  const known = listed || knownRoots.test(path) || flags.test(path);
  if (path.startsWith(annotationPrefix)) {
    const key = path.slice(annotationPrefix.length);
    const type = /\/reason$|audit-violations$/.test(key) ? 'text' : 'keyword';
    return { name, type, known, read: ({ event }) => withoutEmpty(annotation(event, key)) };
  }
  const type = auditTypes[path] ?? (flags.test(path) ? 'boolean' : 'keyword');
  // metadata is not part of the document, as in Elastic's pipeline
  if (/^(request|response)Object\.metadata(\.|$)/.test(path)) return { name, type, known, read: () => [] };
  const keys = path.split('.');
  const raw = listed ? { raw: { path: keys, reachesArray: false } } : {};
  return { name, type, known, read: ({ event }) => valuesAt(event, keys), ...raw };
}

/** An annotation by its key with dots as underscores, however the event spells it. */
function annotation(event: unknown, key: string): unknown {
  const annotations = at(event, 'annotations');
  if (typeof annotations !== 'object' || annotations === null) return undefined;
  for (const [name, value] of Object.entries(annotations)) {
    if (name.replaceAll('.', '_') === key && withoutEmpty(value).length > 0) return value;
  }
  return undefined;
}

/** Elastic's pipeline replaces the dots of an annotation's key. */
function indexedPath(path: string): string {
  if (!path.startsWith(annotationPrefix)) return path;
  return annotationPrefix + path.slice(annotationPrefix.length).replaceAll('.', '_');
}

function decisionOutcome(decision: unknown): string | undefined {
  if (decision === 'allow') return 'success';
  return decision === 'forbid' ? 'failure' : undefined;
}

/** One invalid address makes the field absent, as it makes Elastic's pipeline drop it. */
function validAddresses(texts: readonly string[]): readonly string[] {
  return texts.every((text) => /^[\da-fA-F.:]+$/.test(text)) ? texts : [];
}
