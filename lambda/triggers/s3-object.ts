import type { ClusterOf } from '../scan/cluster-name.ts';
import type { Input } from '../scan/input.ts';
import type { ObjectReference } from './delivery.ts';

/** `overwritten`: the object's content is no longer the one that the notification was about. */
export type OpenedObject =
  | { readonly kind: 'opened'; readonly body: AsyncIterable<Uint8Array> }
  | { readonly kind: 'overwritten' };

/** Opens an object's body. Rejects with S3's error. */
export type OpenObject = (object: ObjectReference, signal?: AbortSignal) => Promise<OpenedObject>;

export function objectInput(
  { eTag: _, ...object }: ObjectReference,
  cluster: ClusterOf,
  body: AsyncIterable<Uint8Array>,
): Input {
  return { origin: { kind: 'object', ...object }, cluster, open: () => body };
}
