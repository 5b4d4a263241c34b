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
     * Which log events AWS delivers: those that contain a literal of the rules (`literals`), or all of them (`none`), which is necessary if a forwarder escapes letters.
     * @default 'literals'
     */
    readonly filter?: 'literals' | 'none' | undefined;
    /**
     * Whether AWS also delivers the events of users who log in with a client certificate, so that uses of issued certificates are found. On most clusters, these are most events (docs/cost.md). Not for EKS, which issues no login certificates.
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
     * A pattern that shows where keys contain the cluster, such as `{cluster}/{yyyy}/`.
     * @default - none
     */
    readonly keyPattern?: string | undefined;
    /**
     * Only objects whose keys begin with this prefix are read.
     * @default - every object
     */
    readonly prefix?: string | undefined;
    /**
     * What notifies csrwatch of an object: S3, in addition to the existing notifications of the bucket, or EventBridge, which must be on for the bucket.
     * @default 's3'
     */
    readonly notifications?: 's3' | 'eventbridge' | undefined;
    /**
     * The KMS key of the objects, if they are encrypted with a key of yours.
     * @default - none
     */
    readonly keyArn?: string | undefined;
    /**
     * For a created bucket: the number of days after which objects are deleted.
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
     * Accounts that may subscribe their log groups to the stream.
     * @default - none
     */
    readonly accounts?: readonly (string)[] | undefined;
    /**
     * An organization whose accounts may do so.
     * @default - none
     */
    readonly organization?: string | undefined;
    /**
     * The number of shards. Each takes 1 MB/s of what the filters deliver; 0 is on-demand mode, at nearly three times the price.
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
   * Less severe findings are not sent to `emails`.
   * @default 'low'
   */
  readonly minSeverity?: 'low' | 'medium' | 'high' | 'critical' | undefined;
  /**
   * SMS subscribers; if there is one, the channel `sms` is created with its own topic.
   * @default - none
   */
  readonly sms?: readonly (string)[] | undefined;
  /**
   * Less severe findings are not sent to `sms`.
   * @default 'high'
   */
  readonly smsMinSeverity?: 'low' | 'medium' | 'high' | 'critical' | undefined;
  /**
   * The interval of summaries: after the first alert of a rule, cluster and user, people get at most one summary of further events in this time.
   * @default 15
   */
  readonly summaryMinutes?: number | undefined;
  /**
   * Further channels, each with its own topic, rendering and minimum severity.
   * @default - none
   */
  readonly channels?: readonly ({
    /**
     * A name of your choice, except `findings`, `alerts` and `sms`.
     */
    readonly name: string;
    /**
     * The format of the messages: see below.
     */
    readonly rendering: 'json' | 'text' | 'chat' | 'alarm';
    /**
     * Less severe findings are not sent to this channel.
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
   * Recipients of the alarms about csrwatch itself.
   * @default - those of `emails`
   */
  readonly operationsEmails?: readonly (string)[] | undefined;
  /**
   * A KMS key for the topics, with the policy in docs/security.md.
   * @default - one is created
   */
  readonly keyArn?: string | undefined;
  /**
   * Rule files, or folders of them, that are used in addition to the built-in rules.
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
   * @default - 20, or the reserved concurrency if that is lower
   */
  readonly maxObjectsAtOnce?: number | undefined;
  /**
   * Reserved concurrency of csrwatch's functions, which is also their limit.
   * @default - they share the account's concurrency
   */
  readonly reservedConcurrency?: {
    /**
     * For the function that reads log deliveries and the stream.
     * @default - none is reserved
     */
    readonly logs?: number | undefined;
    /**
     * For the function that reads objects, which then handles at most as many batches at once.
     * @default - none is reserved
     */
    readonly objects?: number | undefined;
  } | undefined;
  /**
   * How many days the functions' own logs are kept.
   * @default 30
   */
  readonly logRetentionDays?: 7 | 14 | 30 | 90 | 180 | 365 | undefined;
  /**
   * The number of minutes without an audit event in a log group after which an alarm fires; 0 means no alarm.
   * @default 30
   */
  readonly noDataAlarmMinutes?: number | undefined;
  /**
   * The number of hours without a new object in a bucket after which an alarm fires.
   * @default - 24 if there is an existing bucket, and no alarm if csrwatch creates all buckets
   */
  readonly noObjectsAlarmHours?: number | undefined;
  /**
   * An existing bucket for the results of `csrwatch backfill`.
   * @default - one is created, and kept when the stack is deleted
   */
  readonly backfillResults?: string | undefined;
  /**
   * The KMS key of this bucket, if it is encrypted with a key of yours.
   * @default - none
   */
  readonly backfillResultsKeyArn?: string | undefined;
  /**
   * When a canary is sent through every source.
   * @default - only `csrwatch canary` sends one
   */
  readonly canarySchedule?: string | undefined;
  /**
   * The place of the runbook that alarms refer to, such as the URL of a copy in your wiki.
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
     * Which log events AWS delivers: those that contain a literal of the rules (`literals`), or all of them (`none`), which is necessary if a forwarder escapes letters.
     * @default 'literals'
     */
    readonly filter?: 'literals' | 'none' | undefined;
    /**
     * Whether AWS also delivers the events of users who log in with a client certificate, so that uses of issued certificates are found. On most clusters, these are most events (docs/cost.md). Not for EKS, which issues no login certificates.
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
   * The number of minutes without an audit event in a log group after which an alarm fires; 0 means no alarm.
   * @default 30
   */
  readonly noDataAlarmMinutes?: number | undefined;
  /**
   * The place of the runbook that alarms refer to, such as the URL of a copy in your wiki.
   * @default 'docs/runbook.md'
   */
  readonly runbook?: string | undefined;
  /**
   * Rule files, or folders of them, that are used in addition to the built-in rules.
   * @default - none
   */
  readonly rules?: readonly (string)[] | undefined;
  /**
   * Ids of rules that are not used.
   * @default - none
   */
  readonly disabledRules?: readonly (string)[] | undefined;
}
