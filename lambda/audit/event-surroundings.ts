import { at, stringAt } from '../json/read-json.ts';
import type { AuditEvent, PodSource } from './audit-record.ts';
import { bounded } from './bound-values.ts';
import type { Recognized, RecognizedEvent } from './recognized.ts';

/** Where an envelope, or what is added to an event, names the cluster. */
const clusterFields: readonly (readonly string[])[] = [
  ['orchestrator', 'cluster', 'name'], // Elastic
  ['orchestrator.cluster.name'],
  ['kubernetes', 'cluster_name'],
  ['cluster_name'],
  ['clusterName'],
  ['cluster'],
  ['openshift', 'cluster_id'],
];

/** OpenTelemetry's name for it, among the attributes of a resource. */
const clusterAttribute = 'k8s.cluster.name';

/** What an envelope reports about the events in it. */
export interface Around {
  readonly logGroup?: string | undefined;
  readonly account?: string | undefined;
  readonly cluster?: string | undefined;
  readonly pod?: PodSource | undefined;
}

export function placed(item: Recognized, around: Around, extracted: string | undefined): Recognized {
  if (item.kind === 'truncated') return { ...item, head: item.head && named(item.head, around, extracted) };
  return item.kind === 'event' ? named(item, around, extracted) : item;
}

/** What is nearer to the event wins, except what CloudWatch Logs extracted. */
export function named(event: RecognizedEvent, around: Around, extracted?: string): RecognizedEvent {
  const { logGroup, account, cluster, pod } = around;
  return {
    ...(logGroup === undefined ? {} : { logGroup }),
    ...(account === undefined ? {} : { account }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(pod === undefined ? {} : { pod }),
    ...event,
    ...(extracted === undefined ? {} : { cluster: extracted }),
  };
}

export function aroundHead({
  event,
  around,
}: {
  readonly event: AuditEvent;
  readonly around: readonly AuditEvent[];
}) {
  const cluster = [...around]
    .reverse()
    .map(clusterIn)
    .find((name) => name !== undefined);
  const pod = around.map(podIn).find((source) => source !== undefined);
  return {
    event: bounded(event),
    ...(cluster === undefined ? {} : { cluster }),
    ...(pod === undefined ? {} : { pod }),
  };
}

/** The cluster that an envelope, or CloudWatch's extracted fields, names. */
export function clusterIn(value: unknown): string | undefined {
  for (const path of clusterFields) {
    const name = stringAt(value, ...path);
    if (name !== undefined) return name;
  }
  const attributes = at(value, 'resource', 'attributes');
  if (!Array.isArray(attributes)) return undefined;
  const attribute = attributes.find((item) => at(item, 'key') === clusterAttribute);
  return stringAt(attribute, 'value', 'stringValue');
}

/** The pod that Fluent Bit's or Fluentd's Kubernetes filter names beside the log. */
export function podIn(value: unknown): PodSource | undefined {
  const name = stringAt(value, 'kubernetes', 'pod_name');
  if (name === undefined) return undefined;
  const namespace = stringAt(value, 'kubernetes', 'namespace_name');
  return namespace === undefined ? { name } : { name, namespace };
}
