/** An object named by a notification or by a backfill. */
export interface ObjectReference {
  readonly bucket: string;
  /** Decoded, as S3's API takes it. */
  readonly key: string;
  readonly versionId?: string;
  /** The tag of the content that the notification is about, without quotes. An overwritten object has another tag. */
  readonly eTag?: string;
  readonly region?: string;
}

/** A Kinesis stream, as far as its ARN names it. */
export interface StreamReference {
  readonly name: string;
  readonly account?: string;
  readonly region?: string;
}

interface Queued {
  /** How to report this delivery for retry: an SQS message's id, a Kinesis record's sequence number. */
  readonly messageId?: string;
  /** How often SQS has delivered the message, this time included. */
  readonly receiveCount?: number;
}

/** One thing to scan. */
export type Delivery = Queued &
  (
    | { readonly kind: 'log-data'; readonly packed: Buffer }
    | { readonly kind: 'stream-record'; readonly data: Buffer; readonly stream: StreamReference }
    | {
        readonly kind: 'object';
        readonly object: ObjectReference;
        /** Whether findings are published. */
        readonly alerts: boolean;
      }
    /** A notification that no object was written, such as `ObjectRemoved:Delete`: there is nothing to read. */
    | { readonly kind: 'no-object'; readonly eventName: string }
    /** A message of a batch that is not a notification. */
    | { readonly kind: 'unknown'; readonly reason: string; readonly messageId: string }
  );

export type Trigger =
  | {
      readonly ok: true;
      readonly deliveries: readonly Delivery[];
      /** `batch`: the response lists the failed messages. `results`: it lists the result of each object. */
      readonly answer: 'none' | 'batch' | 'results';
    }
  | { readonly ok: false; readonly reason: string };
