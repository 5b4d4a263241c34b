/** How CloudTrail writes the name of a resource: as the caller gave it. */
export type Form =
  | 'name'
  /** A function with a version or an alias, such as `NAME:$LATEST`. */
  | 'name:qualifier'
  | 'ARN'
  /** A function's ARN with a version or an alias; a subscription's ARN, which begins with its topic's. */
  | 'ARN:suffix'
  /** `ACCOUNT:function:NAME`. */
  | 'partial ARN'
  | 'partial ARN:qualifier'
  /** A queue's, on one of several hosts. */
  | 'URL'
  /** A name that CloudFormation or CDK made: it begins with the name of the stack. */
  | 'name prefix'
  /** Any value: the call concerns the whole account. */
  | 'any';

export type ResourceKind =
  | 'logGroups'
  | 'clusters'
  | 'functions'
  | 'eventSourceMappings'
  | 'topics'
  | 'queues'
  | 'buckets'
  | 'keys'
  | 'tables'
  | 'streams'
  | 'destinations'
  | 'rules'
  | 'alarms'
  | 'roles'
  | 'stack'
  | 'account';

/** Management calls of one service on one kind of resource that would blind or mute csrwatch. */
export interface TamperCall {
  /** `eventSource` without `.amazonaws.com`. */
  readonly service: string;
  /** `eventName`. Lambda appends the version of its API, such as DeleteFunction20150331. */
  readonly events: readonly string[];
  readonly protects: ResourceKind;
  /** The request parameters that name the resource, each with its forms. */
  readonly parameters: Readonly<Record<string, readonly Form[]>>;
  /** What else the request parameters must match, as an EventBridge pattern. @default - nothing */
  readonly only?: Readonly<Record<string, unknown>>;
  /** What csrwatch loses. */
  readonly effect: string;
  /** What brings it back, in Markdown. Names in capitals are in the alert. */
  readonly restoredBy: string;
  /**
   * The events of which AWS publishes a CloudTrail record. Of all others, the names of parameters come from the API
   * reference, and the record has not been verified.
   */
  readonly documented?: readonly string[];
}

/** Restores what the template describes and drift detection covers; docs/tamper-alerts.md defines it. */
export const redeploy = '*redeploy*';
