import { at, stringAt } from '../json/read-json.ts';
import type { ObjectReference } from './delivery.ts';

export type Notification =
  | { readonly kind: 'object'; readonly object: ObjectReference }
  | { readonly kind: 'no-object'; readonly eventName: string };

/** SNS in SQS, S3's own notification in SNS: no known setup nests deeper. */
const maxNesting = 4;

/**
 * S3's notifications about objects, sent by S3 or EventBridge, on their own or inside SNS. The test message holds none.
 * @returns `undefined` if it is something else
 */
export function notificationsIn(event: unknown, depth = 0): Notification[] | undefined {
  if (depth > maxNesting) return undefined;
  if (stringAt(event, 'Event') === 's3:TestEvent') return [];
  const message = stringAt(event, 'Sns', 'Message') ?? stringAt(event, 'Message');
  if (message !== undefined) return notificationsIn(parsedJson(message), depth + 1);
  const fromBridge = fromEventBridge(event);
  if (fromBridge) return [fromBridge];
  const records = at(event, 'Records');
  if (!Array.isArray(records) || records.length === 0) return undefined;
  const found = records.map((record) => {
    const notification = fromS3(record);
    return notification ? [notification] : notificationsIn(record, depth + 1);
  });
  return found.every((notifications) => notifications !== undefined) ? found.flat() : undefined;
}

/** The JSON value, or the text itself if it is not JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function objectReference(
  bucket: string,
  key: string,
  more: { versionId?: string | undefined; eTag?: string | undefined; region?: string | undefined } = {},
): ObjectReference {
  const { versionId, eTag, region } = more;
  return {
    bucket,
    key,
    ...(versionId === undefined ? {} : { versionId }),
    ...(eTag === undefined ? {} : { eTag: eTag.replaceAll('"', '') }),
    ...(region === undefined ? {} : { region }),
  };
}

/**
 * Events of S3 after which there is no new content to read
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html).
 * An event of a type that is not listed is read like a creation, so that a type that S3 adds cannot hide an object.
 */
const withoutContent =
  /^(s3:)?(ObjectRemoved|LifecycleExpiration|LifecycleTransition|ObjectRestore|ObjectTagging|ObjectAcl|ObjectAnnotation|IntelligentTiering|Replication|ReducedRedundancyLostObject)(:|$)/;

/** The same types as EventBridge names them. */
const bridgeWithoutContent =
  /^Object (Deleted|Restore (Initiated|Completed|Expired)|Storage Class Changed|Access Tier Changed|ACL Updated|Tags (Added|Deleted))$/;

function fromS3(record: unknown): Notification | undefined {
  const bucket = stringAt(record, 's3', 'bucket', 'name');
  const key = decodedKey(stringAt(record, 's3', 'object', 'key'));
  if (bucket === undefined || key === undefined) return undefined;
  const eventName = stringAt(record, 'eventName') ?? '';
  if (withoutContent.test(eventName)) return { kind: 'no-object', eventName };
  return {
    kind: 'object',
    object: objectReference(bucket, key, {
      versionId: stringAt(record, 's3', 'object', 'versionId'),
      eTag: stringAt(record, 's3', 'object', 'eTag'),
      region: stringAt(record, 'awsRegion'),
    }),
  };
}

/** EventBridge does not encode the key, and spells the other fields its own way. */
function fromEventBridge(event: unknown): Notification | undefined {
  if (stringAt(event, 'source') !== 'aws.s3') return undefined;
  const bucket = stringAt(event, 'detail', 'bucket', 'name');
  const key = stringAt(event, 'detail', 'object', 'key');
  if (bucket === undefined || key === undefined) return undefined;
  const eventName = stringAt(event, 'detail-type') ?? '';
  if (bridgeWithoutContent.test(eventName)) return { kind: 'no-object', eventName };
  return {
    kind: 'object',
    object: objectReference(bucket, key, {
      versionId: stringAt(event, 'detail', 'object', 'version-id'),
      eTag: stringAt(event, 'detail', 'object', 'etag'),
      region: stringAt(event, 'region'),
    }),
  };
}

/** In notifications a key is form-encoded: `+` is a space, then percent-decoding. */
function decodedKey(key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
