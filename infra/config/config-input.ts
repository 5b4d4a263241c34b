// Written by `npm run docs` from config-schema.ts.

/** What `csrwatch.config.ts` exports as its default, and what `CsrWatchStack` takes. */
export interface ConfigInput {
  /**
   * The stack's name, which the flag `-c stackName` overrides.
   * @default - `csrwatch`
   */
  readonly stackName?: string | undefined;
  /**
   * Tags of the stack and of each resource that can have tags.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * Existing log groups to subscribe to.
   * @default - none
   */
  readonly logGroups?: readonly ({
    /**
     * An existing log group.
     */
    readonly name: string;
    /**
     * The cluster's name.
     * @default - it is read from a name such as /aws/eks/NAME/cluster or from the event
     */
    readonly cluster?: string | undefined;
    /**
     * Which log events AWS delivers: those that contain a literal of the rules, or all of them, which is needed if a forwarder escapes letters.
     * @default 'literals'
     */
    readonly filter?: 'literals' | 'none' | undefined;
    /**
     * Whether AWS also delivers the events by client certificates, so that uses of issued certificates are found; on most clusters these are most events (docs/cost.md). Not for EKS, which issues no login certificates.
     * @default false
     */
    readonly followCertificates?: boolean | undefined;
  })[] | undefined;
  /**
   * Buckets that receive audit logs.
   * @default - none
   */
  readonly buckets?: readonly ({
    /**
     * An existing bucket.
     * @default - one is created, and kept when the stack is deleted
     */
    readonly name?: string | undefined;
    /**
     * The cluster's name.
     * @default - it is read from the key (`keyPattern`) or from the events
     */
    readonly cluster?: string | undefined;
    /**
     * Where keys contain the cluster, such as `{cluster}/{yyyy}/`.
     * @default - none
     */
    readonly keyPattern?: string | undefined;
    /**
     * Read only objects whose keys begin with it.
     * @default - every object
     */
    readonly prefix?: string | undefined;
    /**
     * Who announces an object: S3, in addition to the notifications that the bucket has, or EventBridge, which must be on for the bucket.
     * @default 's3'
     */
    readonly notifications?: 's3' | 'eventbridge' | undefined;
    /**
     * The KMS key that its objects are encrypted with, if it is one of yours.
     * @default - none
     */
    readonly keyArn?: string | undefined;
    /**
     * For a created bucket: objects are deleted after so many days.
     * @default - they are kept
     */
    readonly expireAfterDays?: number | undefined;
  })[] | undefined;
  /**
   * A Kinesis stream for other accounts' log groups.
   * @default - none is created
   */
  readonly stream?: {
    /**
     * Accounts that may subscribe their log groups.
     * @default - none
     */
    readonly accounts?: readonly (string)[] | undefined;
    /**
     * An organization whose accounts may.
     * @default - none
     */
    readonly organization?: string | undefined;
    /**
     * A shard takes 1 MB/s of what passed the filters; 0 is on-demand mode, at nearly three times the price.
     * @default 1
     */
    readonly shards?: number | undefined;
    /**
     * Cluster names of the source accounts' log groups.
     * @default - they are read from the groups' names or from the events
     */
    readonly clusters?: Readonly<Record<string, string>> | undefined;
    /**
     * Whether uses of issued certificates are found in the stream; each source account needs `logGroups[].followCertificates` too.
     * @default false
     */
    readonly followCertificates?: boolean | undefined;
  } | undefined;
  /**
   * E-mail subscribers of the channel `alerts`; each must confirm.
   * @default - none
   */
  readonly emails?: readonly (string)[] | undefined;
  /**
   * Findings below it are not sent to `emails`.
   * @default 'low'
   */
  readonly minSeverity?: 'low' | 'medium' | 'high' | 'critical' | undefined;
  /**
   * SMS subscribers: with a number, the channel `sms` is created, with a topic of its own.
   * @default - none
   */
  readonly sms?: readonly (string)[] | undefined;
  /**
   * Findings below it are not sent to `sms`.
   * @default 'high'
   */
  readonly smsMinSeverity?: 'low' | 'medium' | 'high' | 'critical' | undefined;
  /**
   * After the first alert of a rule, cluster and user, people get at most one summary of further events in so many minutes.
   * @default 15
   */
  readonly summaryMinutes?: number | undefined;
  /**
   * More channels, each with its own topic, rendering and minimum severity.
   * @default - none
   */
  readonly channels?: readonly ({
    /**
     * Yours to choose; `findings`, `alerts` and `sms` are taken.
     */
    readonly name: string;
    /**
     * The format of its messages: see below.
     */
    readonly rendering: 'json' | 'text' | 'chat' | 'alarm';
    /**
     * Findings below it are not sent there.
     * @default 'low'
     */
    readonly minSeverity?: 'low' | 'medium' | 'high' | 'critical' | undefined;
    /**
     * An existing topic.
     * @default - one is created
     */
    readonly topicArn?: string | undefined;
    /**
     * The key of that topic, if it is encrypted; its policy must allow the functions.
     * @default - none
     */
    readonly keyArn?: string | undefined;
    /**
     * E-mail subscribers; each must confirm.
     * @default - none
     */
    readonly emails?: readonly (string)[] | undefined;
    /**
     * SMS subscribers.
     * @default - none
     */
    readonly sms?: readonly (string)[] | undefined;
    /**
     * URLs that alerts are posted to, which must confirm; keep a URL that contains a key as a secret.
     * @default - none
     */
    readonly https?: readonly (string | {
      readonly secret: string;
    })[] | undefined;
    /**
     * Queues that alerts are sent to; the policy of a queue that you own must allow the topic to send.
     * @default - none
     */
    readonly queues?: readonly (string)[] | undefined;
  })[] | undefined;
  /**
   * The channel that gets every finding as JSON.
   * @default - none
   */
  readonly findings?: {
    /**
     * An existing topic.
     * @default - one is created
     */
    readonly topicArn?: string | undefined;
    /**
     * The key of that topic, if it is encrypted; its policy must allow the functions.
     * @default - none
     */
    readonly keyArn?: string | undefined;
    /**
     * Queues that alerts are sent to; the policy of a queue that you own must allow the topic to send.
     * @default - none
     */
    readonly queues?: readonly (string)[] | undefined;
    /**
     * URLs that alerts are posted to, which must confirm; keep a URL that contains a key as a secret.
     * @default - none
     */
    readonly https?: readonly (string | {
      readonly secret: string;
    })[] | undefined;
  } | undefined;
  /**
   * Who gets the alarms about csrwatch itself.
   * @default - those of `emails`
   */
  readonly operationsEmails?: readonly (string)[] | undefined;
  /**
   * A KMS key for the topics, with the policy in docs/security.md.
   * @default - one is created
   */
  readonly keyArn?: string | undefined;
  /**
   * Rule files, or folders of them, in addition to the built-in rules.
   * @default - none
   */
  readonly rules?: readonly (string)[] | undefined;
  /**
   * Ids of rules that are not used.
   * @default - none
   */
  readonly disabledRules?: readonly (string)[] | undefined;
  /**
   * Activity that needs no alert: the name of a predefined exception, a file of exceptions, or an exception itself.
   * @default - none
   */
  readonly exceptions?: readonly (string | {
    /**
     * The name of the exception.
     */
    readonly name: string;
    /**
     * Why no alert is needed.
     */
    readonly reason: string;
    /**
     * Ids of the rules that it applies to.
     */
    readonly rules: readonly (string)[];
    /**
     * KQL, added to the rules as `and not (…)`.
     */
    readonly query: string;
  })[] | undefined;
  /**
   * How many batches of up to five objects are read at once.
   * @default - 20, or the reserved concurrency if it is lower
   */
  readonly maxObjectsAtOnce?: number | undefined;
  /**
   * Concurrency that is reserved for csrwatch's functions, and their limit.
   * @default - they share the account's
   */
  readonly reservedConcurrency?: {
    /**
     * For the function that reads log deliveries and the stream.
     * @default - none is reserved
     */
    readonly logs?: number | undefined;
    /**
     * For the function that reads objects, and at most as many objects at once.
     * @default - none is reserved
     */
    readonly objects?: number | undefined;
  } | undefined;
  /**
   * Days that the functions' own logs are kept.
   * @default 30
   */
  readonly logRetentionDays?: 7 | 14 | 30 | 90 | 180 | 365 | undefined;
  /**
   * Minutes without an audit event in a log group before an alarm; 0 is no alarm.
   * @default 30
   */
  readonly noDataAlarmMinutes?: number | undefined;
  /**
   * Hours without a new object in a bucket before an alarm.
   * @default - 24 with an existing bucket, and no alarm if all are created
   */
  readonly noObjectsAlarmHours?: number | undefined;
  /**
   * An existing bucket for the results of `csrwatch backfill`.
   * @default - one is created, and kept when the stack is deleted
   */
  readonly backfillResults?: string | undefined;
  /**
   * The KMS key that this bucket is encrypted with, if it is one of yours.
   * @default - none
   */
  readonly backfillResultsKeyArn?: string | undefined;
  /**
   * When a canary is sent through every source.
   * @default - only `csrwatch canary` sends one
   */
  readonly canarySchedule?: string | undefined;
  /**
   * Where alarms point to for the runbook, such as the URL of a copy in your wiki.
   * @default 'docs/runbook.md'
   */
  readonly runbook?: string | undefined;
}

/** The same for a source account, whose log groups are sent to the central account's stream. */
export interface SourceAccountConfigInput {
  /**
   * The stack's name, which the flag `-c stackName` overrides.
   * @default - `csrwatch-source-account`
   */
  readonly stackName?: string | undefined;
  /**
   * Tags of the stack and of each resource that can have tags.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * The output StreamDestination of the central account's stack.
   */
  readonly destinationArn: string;
  /**
   * Existing log groups to subscribe to.
   */
  readonly logGroups: readonly ({
    /**
     * An existing log group.
     */
    readonly name: string;
    /**
     * Which log events AWS delivers: those that contain a literal of the rules, or all of them, which is needed if a forwarder escapes letters.
     * @default 'literals'
     */
    readonly filter?: 'literals' | 'none' | undefined;
    /**
     * Whether AWS also delivers the events by client certificates, so that uses of issued certificates are found; on most clusters these are most events (docs/cost.md). Not for EKS, which issues no login certificates.
     * @default false
     */
    readonly followCertificates?: boolean | undefined;
  })[];
  /**
   * Whether the central account admits the organization (`stream.organization`), which needs a role here.
   * @default false
   */
  readonly organization?: boolean | undefined;
  /**
   * The output OperationsTopic of the central account's stack, which then gets the alarms and tamper alerts.
   * @default - a topic is created here
   */
  readonly operationsTopicArn?: string | undefined;
  /**
   * E-mail subscribers of the topic that is created here; each must confirm.
   * @default - none
   */
  readonly emails?: readonly (string)[] | undefined;
  /**
   * Minutes without an audit event in a log group before an alarm; 0 is no alarm.
   * @default 30
   */
  readonly noDataAlarmMinutes?: number | undefined;
  /**
   * Where alarms point to for the runbook, such as the URL of a copy in your wiki.
   * @default 'docs/runbook.md'
   */
  readonly runbook?: string | undefined;
  /**
   * Rule files, or folders of them, in addition to the built-in rules.
   * @default - none
   */
  readonly rules?: readonly (string)[] | undefined;
  /**
   * Ids of rules that are not used.
   * @default - none
   */
  readonly disabledRules?: readonly (string)[] | undefined;
}
