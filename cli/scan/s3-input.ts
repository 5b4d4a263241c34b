import { setTimeout } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { messageOf } from '../../lambda/message-of.ts';
import type { BadInput, InputRef } from './input-ref.ts';

const address = /^s3:\/\/([^/]+)(?:\/(.*))?$/s;
/** Requests for one object: each continues where the one before broke off. */
const maxReads = 4;
const pauseMs = 500;

export function isS3Address(text: string): boolean {
  return text.startsWith('s3://');
}

/** The objects below `s3://BUCKET/PREFIX`, page by page. Credentials and region are the user's own. */
export async function* listObjects(named: string): AsyncGenerator<InputRef | BadInput> {
  const [, bucket, prefix = ''] = address.exec(named) ?? [];
  if (bucket === undefined) {
    yield { kind: 'bad', path: named, reason: 'expected s3://BUCKET/PREFIX' };
    return;
  }
  const { ListObjectsV2Command } = await import('./s3-sdk.ts');
  const client = await s3Client();
  let found = false;
  let token: string | undefined;
  try {
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
      );
      for (const { Key: key, Size: bytes } of page.Contents ?? []) {
        // a folder made in the console is an empty object
        if (key === undefined || (bytes === 0 && key.endsWith('/'))) continue;
        found = true;
        yield { kind: 'object', bucket, key, ...(bytes === undefined ? {} : { bytes }) };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  } catch (error) {
    yield { kind: 'bad', path: named, reason: awsReason(error) };
    return;
  }
  if (!found) yield { kind: 'bad', path: named, reason: 'no object has this prefix' };
}

/** An object's bytes as they arrive. After a broken connection the rest is requested, if the object is still the same. */
export async function* objectBytes(
  bucket: string,
  key: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { GetObjectCommand } = await import('./s3-sdk.ts');
  const client = await s3Client();
  let read = 0;
  let eTag: string | undefined;
  let length: number | undefined;
  for (let tries = 1; ; tries += 1) {
    try {
      const rest = read > 0 ? { Range: `bytes=${read}-`, IfMatch: eTag } : {};
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...rest }), {
        abortSignal: signal,
      });
      eTag = answer.ETag;
      length ??= answer.ContentLength;
      const body: unknown = answer.Body;
      if (!isByteStream(body)) throw new Error('the object has no body');
      for await (const chunk of body) {
        read += chunk.length;
        yield chunk;
      }
      return;
    } catch (error) {
      const isBroken = read > 0 && length !== undefined && read < length;
      if (signal.aborted || !isBroken || tries >= maxReads)
        throw new Error(awsReason(error), { cause: error });
      await setTimeout(pauseMs * tries);
    }
  }
}

let made: Promise<S3Client> | undefined;

/** Loaded lazily: most scans read files. A configured endpoint, as of a local S3, has no subdomain for each bucket. */
function s3Client(): Promise<S3Client> {
  made ??= import('./s3-sdk.ts').then(({ S3Client }) => {
    const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
    const forcePathStyle = (AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL) !== undefined;
    return new S3Client({ forcePathStyle, followRegionRedirects: true, maxAttempts: 5 });
  });
  return made;
}

function isByteStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** The SDK's error with its name, since some messages are only `UnknownError`. */
export function awsReason(error: unknown): string {
  const message = messageOf(error);
  const name = error instanceof Error && error.name !== 'Error' ? error.name : '';
  return name === '' || message.includes(name) ? message : `${name}: ${message}`;
}
