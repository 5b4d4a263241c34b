import { at, isObject, stringAt } from '../audit/read.ts';

/** An object that S3 told of. */
export interface ObjectReference {
  readonly bucket: string;
  /** Decoded, as S3's API takes it. */
  readonly key: string;
  readonly versionId?: string;
  readonly region?: string;
}

/** One thing to scan, and how to hand it back if that fails. */
export type Delivery =
  | { readonly kind: 'log-data'; readonly packed: Buffer }
  | { readonly kind: 'object'; readonly object: ObjectReference; readonly messageId?: string }
  /** A message of a batch that can't be understood: it is handed back, its neighbours are not. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly messageId: string };

export type Trigger =
  /** `batch`: the answer names the messages that failed. */
  | { readonly ok: true; readonly deliveries: readonly Delivery[]; readonly answer: 'none' | 'batch' }
  | { readonly ok: false; readonly reason: string };

/** Recognises by shape what invoked the function. Nothing to do, as on S3's test message, is no delivery. */
export function recogniseTrigger(event: unknown): Trigger {
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
  const objects = objectsIn(event);
  if (objects) {
    return { ok: true, answer: 'none', deliveries: objects.map((object) => ({ kind: 'object', object })) };
  }
  return { ok: false, reason: `a trigger of an unknown kind: ${shapeOf(event)}` };
}

function isSqsRecord(record: unknown): boolean {
  return stringAt(record, 'eventSource') === 'aws:sqs';
}

function fromMessage(record: unknown): Delivery[] {
  const messageId = stringAt(record, 'messageId') ?? '';
  const body = parsed(stringAt(record, 'body') ?? '');
  const objects = objectsIn(body);
  if (objects) return objects.map((object) => ({ kind: 'object', object, messageId }));
  return [{ kind: 'unknown', messageId, reason: `a message of an unknown kind: ${shapeOf(body)}` }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The objects of an S3 notification; none for its test message; `undefined` if it is something else. */
function objectsIn(event: unknown): ObjectReference[] | undefined {
  if (stringAt(event, 'Event') === 's3:TestEvent') return [];
  const records = at(event, 'Records');
  if (!Array.isArray(records) || records.length === 0) return undefined;
  const objects = records.map(objectOf);
  return objects.every((object) => object !== undefined) ? objects : undefined;
}

function objectOf(record: unknown): ObjectReference | undefined {
  const bucket = stringAt(record, 's3', 'bucket', 'name');
  const key = decodedKey(stringAt(record, 's3', 'object', 'key'));
  if (bucket === undefined || key === undefined) return undefined;
  const versionId = stringAt(record, 's3', 'object', 'versionId');
  const region = stringAt(record, 'awsRegion');
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
  if (!isObject(value))
    return `it is ${Array.isArray(value) ? 'a list' : `a ${typeof value}`}, not an object`;
  const keys = Object.keys(value).slice(0, 12);
  const records = at(value, 'Records');
  const source = Array.isArray(records) ? stringAt(records[0], 'eventSource') : undefined;
  const shown =
    keys.length === 0 ? 'it has no keys' : `its keys are ${keys.map((key) => key.slice(0, 60)).join(', ')}`;
  return `${shown}${source === undefined ? '' : ` (eventSource ${source})`}`;
}
