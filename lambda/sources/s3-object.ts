import type { S3Client } from '@aws-sdk/client-s3';
import type { Input } from './input.ts';
import type { ObjectReference } from './trigger.ts';

/** Opens an object's body. Rejects with what S3 answered. */
export type OpenObject = (object: ObjectReference) => Promise<AsyncIterable<Uint8Array>>;

/** The SDK is loaded with the first object: the function on the logs road never needs it. */
export function s3Opener(): OpenObject {
  let loaded: Promise<{ sdk: typeof import('@aws-sdk/client-s3'); client: S3Client }> | undefined;
  return async ({ bucket, key, versionId }) => {
    loaded ??= import('@aws-sdk/client-s3').then((sdk) => ({ sdk, client: new sdk.S3Client({}) }));
    const { sdk, client } = await loaded;
    const { Body: body } = await client.send(
      new sdk.GetObjectCommand({ Bucket: bucket, Key: key, ...(versionId ? { VersionId: versionId } : {}) }),
    );
    if (!body) throw new Error(`s3://${bucket}/${key} has no body`);
    return body as AsyncIterable<Uint8Array>;
  };
}

export function objectInput(object: ObjectReference, cluster: string | null, open: OpenObject): Input {
  return { origin: { kind: 'object', ...object }, cluster, open: () => open(object) };
}
