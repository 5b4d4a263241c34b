import { GetObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { OpenObject } from './s3-object.ts';

/**
 * Reads each bucket with a client of its own region, which the notification names. An object is read only if it still has
 * the eTag of the notification: what was overwritten would otherwise be lost without a trace.
 */
export function s3Opener(): OpenObject {
  const clients = new Map<string, S3Client>();
  return async ({ bucket, key, versionId, eTag, region }, abortSignal) => {
    const client = clients.get(region ?? '') ?? new S3Client(region === undefined ? {} : { region });
    clients.set(region ?? '', client);
    const get = new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ...(versionId ? { VersionId: versionId } : {}),
      ...(eTag ? { IfMatch: `"${eTag}"` } : {}),
    });
    try {
      const { Body: body } = await client.send(get, abortSignal ? { abortSignal } : {});
      if (!body) throw new Error(`s3://${bucket}/${key} has no body`);
      return { kind: 'opened', body: body as AsyncIterable<Uint8Array> };
    } catch (error) {
      if (isPreconditionFailed(error)) return { kind: 'overwritten' };
      throw error;
    }
  };
}

function isPreconditionFailed(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412;
}
