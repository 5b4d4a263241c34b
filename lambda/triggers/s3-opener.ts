import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { OpenObject } from './s3-object.ts';

/** A bucket is asked in its own region, which the notification names: a client each. */
export function s3Opener(): OpenObject {
  const clients = new Map<string, S3Client>();
  return async ({ bucket, key, versionId, region }) => {
    const client = clients.get(region ?? '') ?? new S3Client(region === undefined ? {} : { region });
    clients.set(region ?? '', client);
    const { Body: body } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, ...(versionId ? { VersionId: versionId } : {}) }),
    );
    if (!body) throw new Error(`s3://${bucket}/${key} has no body`);
    return body as AsyncIterable<Uint8Array>;
  };
}
