import { z } from 'zod';
import { renderings } from '../../lambda/channels/channel.ts';
import { severities } from '../../lambda/findings/finding.ts';

/** What a file of `-c config=FILE` may hold. The descriptions are docs/configuration.md: `npm run docs` writes them there. */

const cluster = z.string().min(1);
const arn = (service: string, what: string) =>
  z
    .string()
    .regex(new RegExp(`^arn:[\\w-]+:${service}:[\\w-]*:\\d*:.+$`), `it takes the ARN of ${what}`)
    .meta({ takes: `the ARN of ${what}` });
const keyArn = arn('kms', 'a KMS key');
const topicArn = arn('sns', 'an SNS topic');

/** An object that names the fields it takes when it gets another. */
function fields<T extends z.core.$ZodShape>(shape: T) {
  return z.strictObject(shape, {
    error: ({ code, keys }) =>
      code === 'unrecognized_keys'
        ? `no such field: ${keys?.join(', ')}; it takes ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

const emails = z.array(z.email({ error: 'it takes an e-mail address' })).meta({ takes: 'e-mail addresses' });
const sms = z
  .array(z.e164({ error: 'it takes a number such as +4915112345678' }))
  .meta({ takes: 'telephone numbers such as +4915112345678' });
const url = {
  error: "it takes an https URL, or {secret: 'NAME'} for one that Secrets Manager holds",
};
const https = z
  .array(z.union([z.url({ protocol: /^https$/, ...url }), fields({ secret: z.string().min(1) })], url))
  .meta({ takes: "https URLs, or `{secret: 'NAME'}` for one that Secrets Manager holds" });
const queues = z.array(arn('sqs', 'a queue')).meta({ takes: 'ARNs of queues' });
const lowestSeverity = z.enum(severities);

const subscribers = {
  emails: emails.default([]).describe('who gets it by e-mail; each must confirm'),
  sms: sms.default([]).describe('who gets it as SMS'),
  https: https
    .default([])
    .describe(
      'URLs that it is posted to, which must confirm; a URL with a key in it is better kept as a secret',
    ),
  queues: queues
    .default([])
    .describe('queues that it is sent to; a queue of another owner must let the topic send'),
};
const givenTopic = {
  topicArn: topicArn.optional().describe('a topic that exists; else one is made'),
  keyArn: keyArn
    .optional()
    .describe('the key of that topic, where it is encrypted; its policy must let the functions in'),
};

const watchedLogGroup = fields({
  name: z.string().min(1).describe('a log group that exists'),
  cluster: cluster
    .optional()
    .describe(
      "the cluster's name; else what the group's name says, as in /aws/eks/NAME/cluster, or the event",
    ),
  bare: z
    .boolean()
    .optional()
    .describe(
      'the audit events stand bare in the log, as EKS writes them, so that AWS may filter them; else so for /aws/eks/NAME/cluster',
    ),
  apiServerLogs: z
    .boolean()
    .default(false)
    .describe("also deliver the API server's own words on events that it could not write: see below"),
});

const watchedBucket = fields({
  name: z
    .string()
    .min(3)
    .optional()
    .describe('a bucket that exists; else one is made, and kept when the stack goes'),
  cluster: cluster.optional().describe("the cluster's name; else what the key pattern or the events say"),
  keyPattern: z
    .string()
    .includes('{cluster}', { error: 'it takes a pattern with {cluster} in it' })
    .optional()
    .describe('where keys name the cluster, such as `{cluster}/{yyyy}/`'),
  prefix: z.string().min(1).optional().describe('only objects whose keys begin so are read; else every one'),
  notifications: z
    .enum(['s3', 'eventbridge'])
    .default('s3')
    .describe(
      'who tells of an object: S3, beside the notifications that the bucket has; or EventBridge, which the bucket must send to',
    ),
  keyArn: keyArn.optional().describe('the key that its objects are encrypted with, where it is one of yours'),
  expireAfterDays: z
    .int()
    .min(1)
    .optional()
    .describe('of a bucket that is made: objects go after so many days; else they are kept'),
})
  .refine(({ name, expireAfterDays }) => name === undefined || expireAfterDays === undefined, {
    path: ['expireAfterDays'],
    error: 'it is for a bucket that is made, and this one has a name',
  })
  .refine(({ name, keyArn }) => name !== undefined || keyArn === undefined, {
    path: ['keyArn'],
    error: 'it is for a bucket that exists, which takes its name',
  });

const stream = fields({
  accounts: z
    .array(z.string().regex(/^\d{12}$/, 'it takes the twelve digits of an account'))
    .default([])
    .meta({ takes: 'account ids' })
    .describe('accounts that may subscribe their log groups'),
  organization: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, 'it takes the id of an organization, o-…')
    .optional()
    .describe('an organization whose accounts may'),
  shards: z
    .int()
    .min(0)
    .default(1)
    .describe(
      'one takes 1 MB/s of what passed the filters; 0 leaves the number to AWS, at nearly three times the price',
    ),
  clusters: z
    .record(z.string(), cluster)
    .default({})
    .meta({ takes: 'names by log group' })
    .describe("clusters by the names of log groups; else what the groups' names or the events say"),
}).refine(({ accounts, organization }) => accounts.length > 0 || organization !== undefined, {
  error: 'it takes accounts or an organization, or nobody could send anything',
});

const channel = fields({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'it takes lower-case letters, digits and -')
    .describe('yours to choose; `findings` and `pages` are taken'),
  rendering: z.enum(renderings).describe('what a message looks like: see below'),
  lowestSeverity: lowestSeverity.default('low').describe('findings below it do not go there'),
  ...givenTopic,
  ...subscribers,
});

const ruleChoice = {
  rules: z
    .array(z.string())
    .default([])
    .meta({ takes: 'paths' })
    .describe('rule files or folders of them, beside the built-in rules'),
  disabledRules: z
    .array(z.string())
    .default([])
    .meta({ takes: 'ids' })
    .describe('ids of rules that are left out'),
};

const exception = fields({
  name: z.string().min(1).describe('what the exception is called'),
  reason: z.string().min(1).describe('why nobody has to be paged'),
  rules: z.array(z.string()).min(1).meta({ takes: 'ids' }).describe('ids of the rules that it is for'),
  query: z.string().min(1).describe('KQL, ANDed to the rules as `not (…)`'),
});

export const configSchema = fields({
  logGroups: z.array(watchedLogGroup).default([]).describe('log groups that exist, subscribed to'),
  buckets: z.array(watchedBucket).default([]).describe('buckets that audit logs are dropped into'),
  stream: stream.optional().describe("a Kinesis stream for other accounts' log groups; else none is made"),
  emails: emails.default([]).describe('who gets pages by e-mail; each must confirm'),
  sms: sms.default([]).describe('who gets pages as SMS'),
  lowestSeverity: lowestSeverity
    .default('low')
    .describe('what people are paged for at least by `emails` and `sms`'),
  channels: z
    .array(channel)
    .default([])
    .describe('more channels, each with a topic, a rendering and a bar of its own'),
  findings: fields({ ...givenTopic, queues: subscribers.queues, https: subscribers.https })
    .default({ queues: [], https: [] })
    .describe('the channel that gets every finding as JSON'),
  operationsEmails: emails
    .optional()
    .describe('who gets the alarms on csrwatch itself; else those of `emails`'),
  keyArn: keyArn
    .optional()
    .describe('a KMS key for the topics; else one is made. What its policy must hold is in docs/security.md'),
  ...ruleChoice,
  exceptions: z
    .array(
      z.union([z.string().min(1), exception], {
        error: 'it takes the name of a ready-made exception, a file, or {name, reason, rules, query}',
      }),
    )
    .default([])
    .describe(
      'what nobody is to be paged for: a ready-made exception by its name, a file of exceptions, or one in place',
    ),
  maxObjectsAtOnce: z
    .int()
    .min(2)
    .max(1_000)
    .optional()
    .describe("how many objects are read at once; else as many as the account's concurrency allows"),
  logRetentionDays: z
    .literal([7, 14, 30, 90, 180, 365])
    .default(30)
    .describe("days that the functions' own logs are kept"),
  logSilenceMinutes: z
    .int()
    .min(0)
    .max(1_440)
    .multipleOf(5)
    .default(30)
    .describe('minutes that a log group may be without an audit event before an alarm; 0 is no alarm'),
  objectSilenceHours: z
    .int()
    .min(1)
    .max(168)
    .optional()
    .describe(
      'hours that a bucket may be without a new object before an alarm; else 24 where a bucket exists already, and no alarm where all are made',
    ),
  backfillResults: z
    .string()
    .min(3)
    .optional()
    .describe(
      'a bucket that exists, for what `npm run backfill` finds; else one is made, and kept when the stack goes',
    ),
  backfillResultsKeyArn: keyArn
    .optional()
    .describe('the key that this bucket is encrypted with, where it is one of yours'),
  canarySchedule: z
    .string()
    .regex(
      /^(rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)|cron\(\S+( \S+){5}\))$/,
      'it takes a schedule such as rate(1 day)',
    )
    .optional()
    .meta({ takes: 'a schedule such as `rate(1 day)`' })
    .describe(
      'when a canary is sent down every road and its page awaited; else only `npm run canary` sends one',
    ),
  runbook: z
    .string()
    .min(1)
    .default('docs/runbook.md')
    .describe('where alarms find the runbook, such as the URL of a copy in your wiki'),
}).refine(
  ({ backfillResults, backfillResultsKeyArn }) => backfillResults !== undefined || !backfillResultsKeyArn,
  {
    path: ['backfillResultsKeyArn'],
    error: 'it is for a bucket that exists, which backfillResults names',
  },
);

/** What a file for a member account may hold: its log groups go to the stream of another account. */
export const memberSchema = fields({
  destinationArn: arn('logs', 'a CloudWatch Logs destination').describe(
    'what the stack of the other account calls StreamDestination',
  ),
  logGroups: z
    .array(watchedLogGroup.omit({ cluster: true }))
    .min(1)
    .describe('log groups that exist, subscribed to'),
  organization: z
    .boolean()
    .default(false)
    .describe('the other account lets the organization in (`stream.organization`), which needs a role here'),
  ...ruleChoice,
});
