import { at, isObject, stringAt } from '../json/read-json.ts';
import type { Delivery, StreamReference, Trigger } from './delivery.ts';
import { type Notification, notificationsIn, objectReference, parsedJson } from './object-notification.ts';

/** Recognizes by its shape what invoked the function. A trigger with nothing to do, such as S3's test message, has no delivery. */
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
  if (Array.isArray(records) && records.length > 0 && records.every(isFrom('aws:sqs'))) {
    return { ok: true, answer: 'batch', deliveries: records.flatMap(fromMessage) };
  }
  if (Array.isArray(records) && records.length > 0 && records.every(isFrom('aws:kinesis'))) {
    return { ok: true, answer: 'batch', deliveries: records.map(fromStream) };
  }
  const notifications = notificationsIn(event);
  if (notifications) return { ok: true, answer: 'none', deliveries: notifications.map(asDelivery) };
  const items = mapItems(event);
  if (items) return { ok: true, answer: 'results', deliveries: items };
  return { ok: false, reason: `a trigger of an unknown kind: ${shapeOf(event)}` };
}

function isFrom(eventSource: string): (record: unknown) => boolean {
  return (record) => stringAt(record, 'eventSource') === eventSource;
}

function asDelivery(notification: Notification): Delivery {
  return notification.kind === 'object' ? { ...notification, alerts: true } : notification;
}

function fromStream(record: unknown): Delivery {
  const messageId = stringAt(record, 'kinesis', 'sequenceNumber') ?? '';
  const data = stringAt(record, 'kinesis', 'data');
  if (data === undefined) return { kind: 'unknown', messageId, reason: 'a Kinesis record without data' };
  const stream = streamOf(stringAt(record, 'eventSourceARN') ?? '');
  return { kind: 'stream-record', messageId, data: Buffer.from(data, 'base64'), stream };
}

/** `arn:partition:kinesis:region:account:stream/name` */
function streamOf(arn: string): StreamReference {
  const [, , , region, account, resource = ''] = arn.split(':');
  return {
    name: resource.replace(/^stream\//, ''),
    ...(account ? { account } : {}),
    ...(region ? { region } : {}),
  };
}

function fromMessage(record: unknown): Delivery[] {
  const messageId = stringAt(record, 'messageId') ?? '';
  const receiveCount = Number(stringAt(record, 'attributes', 'ApproximateReceiveCount') ?? 1);
  const body = parsedJson(stringAt(record, 'body') ?? '');
  const notifications = notificationsIn(body);
  if (notifications) {
    return notifications.map((found) => ({ ...asDelivery(found), messageId, receiveCount }));
  }
  const reason = `a message of an unknown kind: ${shapeOf(body)}`;
  return [{ kind: 'unknown', messageId, receiveCount, reason }];
}

/**
 * A Step Functions map: one item, or a batch of them, as a Distributed Map's reader lists a bucket's objects
 * (`{Etag, Key, LastModified, Size, StorageClass}`) with the bucket in `BatchInput`; keys are not encoded. With
 * `alerts: false` in the item or in `BatchInput`, findings are not published.
 */
function mapItems(event: unknown): Delivery[] | undefined {
  const listed = at(event, 'Items');
  const items = Array.isArray(listed) ? listed : [event];
  const shared = at(event, 'BatchInput');
  const deliveries = items.map((item): Delivery | undefined => {
    const bucket = bucketIn(item) ?? bucketIn(shared);
    const key = stringAt(item, 'key') ?? stringAt(item, 'Key');
    if (bucket === undefined || key === undefined) return undefined;
    const alerts = (at(item, 'alerts') ?? at(shared, 'alerts')) !== false;
    return { kind: 'object', object: objectReference(bucket, key), alerts };
  });
  return deliveries.every((delivery) => delivery !== undefined) ? deliveries : undefined;
}

function bucketIn(item: unknown): string | undefined {
  return stringAt(item, 'bucket') ?? stringAt(item, 'Bucket');
}

const shownKeys = 12;
const shownKeyCharacters = 60;

/** The value's top-level keys, bounded, for an error message. */
function shapeOf(value: unknown): string {
  if (value === null) return 'it is null, not an object';
  if (!isObject(value)) {
    return `it is ${Array.isArray(value) ? 'a list' : `a ${typeof value}`}, not an object`;
  }
  const keys = Object.keys(value).slice(0, shownKeys);
  if (keys.length === 0) return 'it has no keys';
  const records = at(value, 'Records');
  const source = Array.isArray(records) ? stringAt(records[0], 'eventSource') : undefined;
  const shown = keys.map((key) => key.slice(0, shownKeyCharacters)).join(', ');
  return `its keys are ${shown}${source === undefined ? '' : ` (eventSource ${source})`}`;
}
