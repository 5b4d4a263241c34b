import { at, isObject, stringAt } from '../json/read-json.ts';

/** An object that S3 told of. */
export interface ObjectReference {
  readonly bucket: string;
  /** Decoded, as S3's API takes it. */
  readonly key: string;
  readonly versionId?: string;
  readonly region?: string;
}

/** One thing to scan, and how to hand it back if that fails: an SQS message's id, a Kinesis record's number. */
export type Delivery =
  | { readonly kind: 'log-data'; readonly packed: Buffer; readonly messageId?: string }
  | {
      readonly kind: 'object';
      readonly object: ObjectReference;
      /** Whether findings are published. */
      readonly alerts: boolean;
      readonly messageId?: string;
    }
  /** A message of a batch that can't be understood: it is handed back, its neighbours are not. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly messageId: string };

export type Trigger =
  /** `batch`: the answer names the messages that failed. `results`: it says what each object came to. */
  | {
      readonly ok: true;
      readonly deliveries: readonly Delivery[];
      readonly answer: 'none' | 'batch' | 'results';
    }
  | { readonly ok: false; readonly reason: string };

/** Recognises by shape what invoked the function. Nothing to do, as on S3's test message, is no delivery. */
export function recognizeTrigger(event: unknown): Trigger {
  const data = stringAt(event, 'awslogs', 'data');
  if (data !== undefined) {
    return {
      ok: true,
      answer: 'none',
      deliveries: [{ kind: 'log-data', packed: Buffer.from(data, 'base64') }],
    };
  }
  const records = at(event, 'Records');
  if (Array.isArray(records) && records.length > 0 && records.every(isSqsRecord)) {
    return { ok: true, answer: 'batch', deliveries: records.flatMap(fromMessage) };
  }
  if (Array.isArray(records) && records.length > 0 && records.every(isKinesisRecord)) {
    return { ok: true, answer: 'batch', deliveries: records.map(fromStream) };
  }
  const objects = objectsIn(event);
  if (objects) return { ok: true, answer: 'none', deliveries: objects.map(asDelivery) };
  const items = itemsOf(event);
  if (items) return { ok: true, answer: 'results', deliveries: items };
  return { ok: false, reason: `a trigger of an unknown kind: ${shapeOf(event)}` };
}

function asDelivery(object: ObjectReference): Delivery {
  return { kind: 'object', object, alerts: true };
}

function isSqsRecord(record: unknown): boolean {
  return stringAt(record, 'eventSource') === 'aws:sqs';
}

function isKinesisRecord(record: unknown): boolean {
  return stringAt(record, 'eventSource') === 'aws:kinesis';
}

/** The cross-account road: the payload of a subscription in each record. */
function fromStream(record: unknown): Delivery {
  const messageId = stringAt(record, 'kinesis', 'sequenceNumber') ?? '';
  const data = stringAt(record, 'kinesis', 'data');
  if (data === undefined) return { kind: 'unknown', messageId, reason: 'a Kinesis record without data' };
  return { kind: 'log-data', messageId, packed: Buffer.from(data, 'base64') };
}

function fromMessage(record: unknown): Delivery[] {
  const messageId = stringAt(record, 'messageId') ?? '';
  const body = parsed(stringAt(record, 'body') ?? '');
  const objects = objectsIn(body);
  if (objects) return objects.map((object) => ({ kind: 'object', object, alerts: true, messageId }));
  return [{ kind: 'unknown', messageId, reason: `a message of an unknown kind: ${shapeOf(body)}` }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** SNS in SQS, S3's own notification in SNS: nobody nests deeper on purpose. */
const maxNesting = 4;

/**
 * The objects of an S3 notification, told by S3 or EventBridge, as it is or inside SNS; none for the test
 * message; `undefined` if it is something else.
 */
function objectsIn(event: unknown, depth = 0): ObjectReference[] | undefined {
  if (depth > maxNesting) return undefined;
  if (stringAt(event, 'Event') === 's3:TestEvent') return [];
  const message = stringAt(event, 'Sns', 'Message') ?? stringAt(event, 'Message');
  if (message !== undefined) return objectsIn(parsed(message), depth + 1);
  const told = fromEventBridge(event);
  if (told) return [told];
  const records = at(event, 'Records');
  if (!Array.isArray(records) || records.length === 0) return undefined;
  const objects = records.map((record) => {
    const object = objectOf(record);
    return object ? [object] : objectsIn(record, depth + 1);
  });
  return objects.every((found) => found !== undefined) ? objects.flat() : undefined;
}

/** EventBridge doesn't encode the key. */
function fromEventBridge(event: unknown): ObjectReference | undefined {
  if (stringAt(event, 'source') !== 'aws.s3') return undefined;
  const bucket = stringAt(event, 'detail', 'bucket', 'name');
  const key = stringAt(event, 'detail', 'object', 'key');
  if (bucket === undefined || key === undefined) return undefined;
  return reference(bucket, key, stringAt(event, 'detail', 'object', 'version-id'), stringAt(event, 'region'));
}

/**
 * A Step Functions map: one item, or a batch of them, as a Distributed Map's reader lists a bucket's objects
 * (`{Etag, Key, LastModified, Size, StorageClass}`) with the bucket in `BatchInput`; keys are not encoded. `alerts: false`
 * in the item or in `BatchInput` pages nobody.
 */
function itemsOf(event: unknown): Delivery[] | undefined {
  const listed = at(event, 'Items');
  const items = Array.isArray(listed) ? listed : [event];
  const shared = at(event, 'BatchInput');
  const deliveries = items.map((item): Delivery | undefined => {
    const bucket = bucketIn(item) ?? bucketIn(shared);
    const key = stringAt(item, 'key') ?? stringAt(item, 'Key');
    if (bucket === undefined || key === undefined) return undefined;
    const alerts = (at(item, 'alerts') ?? at(shared, 'alerts')) !== false;
    return { kind: 'object', object: reference(bucket, key), alerts };
  });
  return deliveries.every((delivery) => delivery !== undefined) ? deliveries : undefined;
}

function bucketIn(item: unknown): string | undefined {
  return stringAt(item, 'bucket') ?? stringAt(item, 'Bucket');
}

function objectOf(record: unknown): ObjectReference | undefined {
  const bucket = stringAt(record, 's3', 'bucket', 'name');
  const key = decodedKey(stringAt(record, 's3', 'object', 'key'));
  if (bucket === undefined || key === undefined) return undefined;
  return reference(bucket, key, stringAt(record, 's3', 'object', 'versionId'), stringAt(record, 'awsRegion'));
}

function reference(bucket: string, key: string, versionId?: string, region?: string): ObjectReference {
  return {
    bucket,
    key,
    ...(versionId === undefined ? {} : { versionId }),
    ...(region === undefined ? {} : { region }),
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

/** The top-level keys that it has, bounded. */
function shapeOf(value: unknown): string {
  if (value === null) return 'it is null, not an object';
  if (!isObject(value))
    return `it is ${Array.isArray(value) ? 'a list' : `a ${typeof value}`}, not an object`;
  const keys = Object.keys(value).slice(0, 12);
  const records = at(value, 'Records');
  const source = Array.isArray(records) ? stringAt(records[0], 'eventSource') : undefined;
  const shown =
    keys.length === 0 ? 'it has no keys' : `its keys are ${keys.map((key) => key.slice(0, 60)).join(', ')}`;
  return `${shown}${source === undefined ? '' : ` (eventSource ${source})`}`;
}
