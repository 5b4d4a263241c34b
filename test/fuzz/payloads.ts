import { gzipSync } from 'node:zlib';
import type { Random } from '../chaos/random.ts';

/** An object in the bucket. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: Buffer;
}

/** What the function is invoked with. */
export interface Payload {
  readonly name: string;
  readonly event: unknown;
  readonly objects: readonly StoredObject[];
}

const bucket = 'audit-logs';
const region = 'eu-central-1';
const formEncoded = (key: string) => encodeURIComponent(key).replaceAll('%20', '+');

const fromS3 = (keys: readonly string[]) => ({
  Records: keys.map((key) => ({
    eventSource: 'aws:s3',
    awsRegion: region,
    eventName: 'ObjectCreated:Put',
    s3: { bucket: { name: bucket }, object: { key: formEncoded(key), size: 1, sequencer: '0' } },
  })),
});
const fromBridge = (key: string) => ({
  source: 'aws.s3',
  region,
  'detail-type': 'Object Created',
  detail: { bucket: { name: bucket }, object: { key, size: 1 } },
});
const inSns = (event: object) => ({
  Records: [{ EventSource: 'aws:sns', Sns: { Message: JSON.stringify(event) } }],
});
const inQueue = (bodies: readonly object[]) => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index}`,
    body: JSON.stringify(body),
    eventSource: 'aws:sqs',
    attributes: { ApproximateReceiveCount: '1' },
  })),
});

/** Every way in which an object is announced. */
const announcements: Readonly<Record<string, (keys: readonly string[]) => unknown>> = {
  S3: fromS3,
  SNS: (keys) => inSns(fromS3(keys)),
  EventBridge: ([key = '']) => fromBridge(key),
  'S3 in SQS': (keys) => inQueue(keys.map((key) => fromS3([key]))),
  'SNS in SQS': (keys) =>
    inQueue(keys.map((key) => ({ Type: 'Notification', Message: JSON.stringify(fromS3([key])) }))),
  'EventBridge in SQS': (keys) => inQueue(keys.map(fromBridge)),
  'a map': (keys) => ({ Items: keys.map((Key) => ({ Key, Size: 1 })), BatchInput: { bucket } }),
};
const announcementNames = Object.keys(announcements);

export function objectPayload(objects: readonly StoredObject[], random: Random): Payload {
  // a map and EventBridge itself announce one object here
  const names =
    objects.length === 1 ? announcementNames : announcementNames.filter((name) => name !== 'EventBridge');
  const name = names[random.int(0, names.length - 1)] ?? '';
  return { name, event: announcements[name]?.(objects.map(({ key }) => key)), objects };
}

export interface Envelope {
  readonly messageType: string;
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly subscriptionFilters: readonly string[];
  readonly logEvents: readonly {
    readonly id: string;
    readonly timestamp: number;
    readonly message: string;
  }[];
}

export function envelopeOf(messages: readonly string[]): Envelope {
  return {
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: '/aws/eks/prod/cluster',
    logStream: 'kube-apiserver-audit-1',
    subscriptionFilters: ['csrwatch'],
    logEvents: messages.map((message, index) => ({ id: `${index}`, timestamp: 1_767_323_045_678, message })),
  };
}

const base64 = (bytes: Buffer) => bytes.toString('base64');

/** @param envelope - JSON text */
export function logPayload(envelope: string): Payload {
  const data = base64(gzipSync(envelope, { level: 1 }));
  return { name: 'CloudWatch Logs', event: { awslogs: { data } }, objects: [] };
}

export function streamPayload(records: readonly Buffer[]): Payload {
  const event = {
    Records: records.map((data, index) => ({
      eventSource: 'aws:kinesis',
      eventSourceARN: `arn:aws:kinesis:${region}:111122223333:stream/audit`,
      kinesis: { sequenceNumber: `${index}`, data: base64(data) },
    })),
  };
  return { name: 'Kinesis', event, objects: [] };
}
