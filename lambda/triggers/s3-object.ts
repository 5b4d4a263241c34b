import type { ClusterOf } from '../scan/cluster-name.ts';
import type { Input } from '../scan/input.ts';
import type { ObjectReference } from './recognize-trigger.ts';

/** Opens an object's body. Rejects with what S3 answered. */
export type OpenObject = (object: ObjectReference) => Promise<AsyncIterable<Uint8Array>>;

export function objectInput(object: ObjectReference, cluster: ClusterOf, open: OpenObject): Input {
  return { origin: { kind: 'object', ...object }, cluster, open: () => open(object) };
}
