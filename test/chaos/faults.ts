import type { Random } from './random.ts';

/** `dedup` and `watch` are the tables: DynamoDB. */
export const services = ['sns', 's3', 'dedup', 'watch', 'sqs'] as const;
export type Service = (typeof services)[number];

/** What goes wrong with one request. */
export type Fault =
  /** An error response, of which the service did nothing. */
  | { readonly kind: 'error'; readonly status: number; readonly code: string }
  /** SNS accepts the batch but for some entries. */
  | { readonly kind: 'partial'; readonly senderFault: boolean }
  /** The connection is cut before the request takes effect. */
  | { readonly kind: 'cut' }
  /** The request takes effect, and its answer is lost. */
  | { readonly kind: 'answer-lost' }
  /** The request takes effect, and its answer ends in the middle of the body. */
  | { readonly kind: 'answer-cut' }
  /** No answer comes; `applied` if the request took effect. */
  | { readonly kind: 'silence'; readonly applied: boolean }
  | { readonly kind: 'slow'; readonly ms: number }
  /** The bytes of S3's answer arrive slowly. */
  | { readonly kind: 'body-slow' }
  /** The function dies before the request takes effect, or after it. */
  | { readonly kind: 'kill'; readonly applied: boolean };

const throttlings = {
  sns: { kind: 'error', status: 400, code: 'Throttling' },
  s3: { kind: 'error', status: 503, code: 'SlowDown' },
  dedup: { kind: 'error', status: 400, code: 'ProvisionedThroughputExceededException' },
  watch: { kind: 'error', status: 400, code: 'ThrottlingException' },
  sqs: { kind: 'error', status: 400, code: 'RequestThrottled' },
} as const;
const broken = { kind: 'error', status: 500, code: 'InternalFailure' } as const;
const slow = { kind: 'slow', ms: 150 } as const;

const common: readonly [Fault, ...Fault[]] = [
  broken,
  slow,
  { kind: 'cut' },
  { kind: 'answer-lost' },
  { kind: 'answer-cut' },
];
const ownFaults: Readonly<Record<Service, readonly [Fault, ...Fault[]]>> = {
  sns: [
    ...common,
    throttlings.sns,
    { kind: 'partial', senderFault: false },
    { kind: 'partial', senderFault: false },
    // refused entries fail the delivery: they are frequent here, since retries are what is tried
    { kind: 'partial', senderFault: true },
    { kind: 'partial', senderFault: true },
    { kind: 'partial', senderFault: true },
    { kind: 'partial', senderFault: true },
  ],
  s3: [
    ...common,
    throttlings.s3,
    { kind: 'error', status: 404, code: 'NoSuchKey' },
    { kind: 'error', status: 403, code: 'AccessDenied' },
    { kind: 'body-slow' },
  ],
  dedup: [...common, throttlings.dedup],
  watch: [...common, throttlings.watch],
  sqs: [...common, throttlings.sqs],
};

export function faultOf(service: Service, chosen: Random): Fault {
  return chosen.pick(ownFaults[service]);
}

/** Whatever can happen to a request. */
export function faultsOf(service: Service): readonly Fault[] {
  const anywhere = [false, true].flatMap((applied): Fault[] => [
    { kind: 'silence', applied },
    { kind: 'kill', applied },
  ]);
  return [...ownFaults[service], ...anywhere];
}

/** What every request to a service meets that is down. */
export function outageOf(service: Service, chosen: Random): Fault {
  return chosen.pick<Fault>([broken, throttlings[service], { kind: 'cut' }]);
}

/**
 * Whether an invocation must get over this fault alone: a retry of the same call helps, and the dedup table and the queue's
 * visibility are not needed to send an alert.
 */
export function isMinor(service: Service, fault: Fault): boolean {
  switch (fault.kind) {
    case 'error':
      return service !== 's3' || fault.status >= 500;
    case 'partial':
      return !fault.senderFault;
    case 'cut':
    case 'answer-lost':
    case 'slow':
      return true;
    case 'answer-cut':
      return service !== 's3';
    case 'silence':
      return service !== 'sns' && service !== 's3';
    case 'body-slow':
    case 'kill':
      return false;
  }
}
