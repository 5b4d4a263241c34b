import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import type { FieldType } from '../../lambda/kql/schema.ts';
import type { Indexed } from './interpreter.ts';

/** The fields of an audit event as Elastic would index them, in the simplest code: each path that has a value occurs once. */
export function indexed({ event, cluster }: Pick<AuditRecord, 'event' | 'cluster'>): Indexed {
  const audit = flattened(event);
  const of = (name: string) => audit[name] ?? [];
  const decision = of('annotations.authorization_k8s_io/decision')[0];
  const addresses = of('sourceIPs');
  const ip = addresses.some((value) => value === 'none') ? [] : addresses;
  const fields: Record<string, readonly unknown[]> = {
    'data_stream.dataset': ['kubernetes.audit_logs'],
    'data_stream.type': ['logs'],
    'data_stream.namespace': ['default'],
    'event.kind': ['event'],
    'event.module': ['kubernetes'],
    'event.dataset': ['kubernetes.audit_logs'],
    'event.action': of('verb'),
    'event.outcome': decision === 'allow' ? ['success'] : decision === 'forbid' ? ['failure'] : [],
    '@timestamp': of('stageTimestamp').length > 0 ? of('stageTimestamp') : of('requestReceivedTimestamp'),
    'user.name': of('user.username'),
    'user.id': of('user.uid'),
    'related.user': [...of('user.uid'), ...of('user.username')],
    'user_agent.original': of('userAgent'),
    'source.ip': ip,
    'client.ip': ip,
    'related.ip': ip,
    'orchestrator.type': ['kubernetes'],
    'orchestrator.api_version': of('apiVersion'),
    'orchestrator.cluster.name': cluster === null ? [] : [cluster],
    'orchestrator.resource.type': of('objectRef.resource'),
    'orchestrator.resource.name': of('objectRef.name'),
    'orchestrator.namespace': of('objectRef.namespace'),
    ...Object.fromEntries(
      Object.entries(audit).map(([path, values]) => [`kubernetes.audit.${path}`, values]),
    ),
  };
  const rules = event['requestObject'];
  const list = typeof rules === 'object' && rules !== null && 'rules' in rules ? rules.rules : [];
  fields['kubernetes.audit.requestObject.rules'] = (Array.isArray(list) ? list : [])
    .map(flattened)
    .filter((object) => Object.keys(object).length > 0);
  return fields;
}

/** The paths below `path`, through arrays, that have a value. */
function flattened(value: unknown): Record<string, unknown[]> {
  const fields: Record<string, unknown[]> = {};
  const walk = (item: unknown, path: string) => {
    if (Array.isArray(item)) for (const element of item) walk(element, path);
    else if (typeof item === 'object' && item !== null) {
      for (const [key, below] of Object.entries(item)) {
        const name = path === 'annotations' ? key.replaceAll('.', '_') : key;
        walk(below, path === '' ? name : `${path}.${name}`);
      }
    } else if (item !== null && item !== undefined && item !== '') {
      if (/^(request|response)Object\.metadata(\.|$)/.test(path)) return;
      fields[path] = [...(fields[path] ?? []), item];
    }
  };
  walk(value, '');
  return fields;
}

/** The types of the fields, written again from Elastic's mapping. */
export function indexedType(name: string): FieldType {
  const path = name.replace(/^kubernetes\.audit\./, '');
  if (/^(source|client|related)\.ip$/.test(name)) return 'ip';
  if (name === '@timestamp' || path === 'stageTimestamp' || path === 'requestReceivedTimestamp')
    return 'date';
  if (path === name) return 'keyword';
  if (
    /^(user|impersonatedUser)\.groups$|^sourceIPs$|^responseStatus\.message$|\/reason$|\.containers\.image$/.test(
      path,
    )
  )
    return 'text';
  if (path === 'responseStatus.code') return 'integer';
  if (/\.(privileged|hostNetwork)$/.test(path)) return 'boolean';
  return path === 'requestObject.rules' ? 'nested' : 'keyword';
}
