import { type Random, random } from './random.ts';

export type Service = 'sns' | 's3' | 'dynamodb' | 'sqs';

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
  /** No answer comes; `applied` if the request took effect. */
  | { readonly kind: 'silence'; readonly applied: boolean }
  | { readonly kind: 'slow'; readonly ms: number }
  /** S3's answer ends in the middle of the body, or its bytes arrive one second apart. */
  | { readonly kind: 'body-cut' | 'body-slow' }
  /** The function dies before the request takes effect, or after it. */
  | { readonly kind: 'kill'; readonly applied: boolean };

/** How bad a scenario is. */
export interface Weather {
  /** Of each request, from 0 to 1. */
  readonly probability: number;
  /** Faults happen in so many attempts of each input; later ones meet none. */
  readonly attempts: number;
  /** At most so many faults in one invocation. */
  readonly perInvocation: number;
  readonly kills: boolean;
  /** Requests that get no answer until the function's time is over. */
  readonly silence: boolean;
}

const throttled = {
  sns: { kind: 'error', status: 400, code: 'Throttling' },
  s3: { kind: 'error', status: 503, code: 'SlowDown' },
  dynamodb: { kind: 'error', status: 400, code: 'ProvisionedThroughputExceededException' },
  sqs: { kind: 'error', status: 400, code: 'RequestThrottled' },
} as const;
const broken = { kind: 'error', status: 500, code: 'InternalFailure' } as const;

const common: readonly [Fault, ...Fault[]] = [broken, { kind: 'cut' }, { kind: 'answer-lost' }];
const faultsOf: Readonly<Record<Service, readonly [Fault, ...Fault[]]>> = {
  sns: [
    ...common,
    throttled.sns,
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
    throttled.s3,
    { kind: 'error', status: 404, code: 'NoSuchKey' },
    { kind: 'error', status: 403, code: 'AccessDenied' },
    { kind: 'body-cut' },
    { kind: 'body-slow' },
  ],
  dynamodb: [...common, throttled.dynamodb, { kind: 'slow', ms: 150 }],
  sqs: [...common, throttled.sqs],
};

/** The fault of the n-th request of an invocation to a service, if it has one. The same seed gives the same answer. */
export function faultAt(
  seed: number,
  weather: Weather,
  place: { readonly invocation: number; readonly service: Service; readonly request: number },
): Fault | undefined {
  const { invocation, service, request } = place;
  const chosen = random(seed, invocation, service, request);
  if (!chosen.chance(weather.probability)) return undefined;
  if (weather.kills && chosen.chance(0.15)) return { kind: 'kill', applied: chosen.chance(0.5) };
  if (weather.silence && chosen.chance(0.15)) return { kind: 'silence', applied: chosen.chance(0.5) };
  return chosen.pick(faultsOf[service]);
}

/**
 * Whether an invocation must get over this fault alone: a retry of the same call helps, and the table and the queue's
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
    case 'silence':
      return service === 'dynamodb' || service === 'sqs';
    case 'body-cut':
    case 'body-slow':
    case 'kill':
      return false;
  }
}

export function weatherOf(chosen: Random): Weather {
  return {
    probability: chosen.pick([0, 0.03, 0.1, 0.1, 0.3, 0.6]),
    attempts: chosen.pick([1, 1, 2, 3, 20]),
    perInvocation: chosen.pick([1, 1, 2, 5, 100]),
    kills: chosen.chance(0.5),
    silence: chosen.chance(0.2),
  };
}
