import type { ClusterOf } from './cluster.ts';
import type { Input } from './input.ts';
import type { ObjectReference } from './trigger.ts';

/** Opens an object's body. Rejects with what S3 answered. */
export type OpenObject = (object: ObjectReference) => Promise<AsyncIterable<Uint8Array>>;

export function objectInput(object: ObjectReference, cluster: ClusterOf, open: OpenObject): Input {
  return { origin: { kind: 'object', ...object }, cluster, open: () => open(object) };
}
