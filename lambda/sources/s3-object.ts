import type { S3Client } from '@aws-sdk/client-s3';
import type { ClusterOf } from './cluster.ts';
import type { Input } from './input.ts';
import type { ObjectReference } from './trigger.ts';

/** Opens an object's body. Rejects with what S3 answered. */
export type OpenObject = (object: ObjectReference) => Promise<AsyncIterable<Uint8Array>>;

/** The SDK is loaded with the first object: the function on the logs road never needs it. */
export function s3Opener(): OpenObject {
  let sdk: Promise<typeof import('@aws-sdk/client-s3')> | undefined;
  // a bucket is asked in its own region, which the notification names; a client each
  const clients = new Map<string, S3Client>();
  return async ({ bucket, key, versionId, region }) => {
    sdk ??= import('@aws-sdk/client-s3');
    const { GetObjectCommand, S3Client } = await sdk;
    const client = clients.get(region ?? '') ?? new S3Client(region === undefined ? {} : { region });
    clients.set(region ?? '', client);
    const { Body: body } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, ...(versionId ? { VersionId: versionId } : {}) }),
    );
    if (!body) throw new Error(`s3://${bucket}/${key} has no body`);
    return body as AsyncIterable<Uint8Array>;
  };
}

export function objectInput(object: ObjectReference, cluster: ClusterOf, open: OpenObject): Input {
  return { origin: { kind: 'object', ...object }, cluster, open: () => open(object) };
}
