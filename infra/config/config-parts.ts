import * as z from 'zod';
import { renderings } from '../../lambda/alerts/channel.ts';
import { severities } from '../../lambda/findings/finding.ts';

/** The parts that the schemas of a configuration share. */

/** A text with a CDK token too: in an app, a value may be known only when the stack is deployed. */
const orToken = (pattern: RegExp) => new RegExp(`${pattern.source}|\\$\\{Token\\[.+\\]\\}`);

const cluster = z.string().min(1);
export const arn = (service: string, what: string) =>
  z
    .string()
    .regex(orToken(new RegExp(`^arn:[\\w-]+:${service}:[\\w-]*:\\d*:.+$`)), `expected the ARN of ${what}`)
    .meta({ takes: `the ARN of ${what}` });
export const keyArn = arn('kms', 'a KMS key');
export const topicArn = arn('sns', 'an SNS topic');

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const bucketName = z
  .string()
  .regex(
    orToken(/^(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
    'expected the name of a bucket: 3 to 63 lower-case letters, digits, - and .',
  )
  .meta({ takes: 'the name of a bucket' });

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
const logGroupName = z
  .string()
  .regex(
    orToken(/^[\w./#-]{1,512}$/),
    'expected the name of a log group: up to 512 letters, digits, -, _, /, . and #',
  )
  .meta({ takes: 'the name of a log group' });

/** An object that names the fields it takes when it gets another. */
export function fields<T extends z.core.$ZodShape>(shape: T) {
  return z.strictObject(shape, {
    error: ({ code, keys }) =>
      code === 'unrecognized_keys'
        ? `no such field: ${keys?.join(', ')}; the fields are ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

export const emails = z
  .array(z.email({ pattern: orToken(z.regexes.email), error: 'expected an e-mail address' }))
  .meta({ takes: 'e-mail addresses' });
export const sms = z
  .array(z.string().regex(orToken(z.regexes.e164), 'expected a number such as +4915112345678'))
  .meta({ takes: 'telephone numbers such as +4915112345678' });
const url = {
  error: "expected an https URL, or {secret: 'NAME'} for one that Secrets Manager holds",
};
const https = z
  .array(z.union([z.url({ protocol: /^https$/, ...url }), fields({ secret: z.string().min(1) })], url))
  .meta({ takes: "https URLs, or `{secret: 'NAME'}` for one that Secrets Manager holds" });
const queues = z.array(arn('sqs', 'a queue')).meta({ takes: 'ARNs of queues' });
export const minSeverity = z.enum(severities);

export const subscribers = {
  emails: emails.default([]).describe('e-mail subscribers; each must confirm'),
  sms: sms.default([]).describe('SMS subscribers'),
  https: https
    .default([])
    .describe(
      'URLs that alerts are posted to, which must confirm; keep a URL that contains a key as a secret',
    ),
  queues: queues
    .default([])
    .describe(
      'queues that alerts are sent to; the policy of a queue that you own must allow the topic to send',
    ),
};
export const givenTopic = {
  topicArn: topicArn.optional().describe('an existing topic; if absent, one is created'),
  keyArn: keyArn
    .optional()
    .describe('the key of that topic, if it is encrypted; its policy must allow the functions'),
};

export const watchedLogGroup = fields({
  name: logGroupName.describe('an existing log group'),
  cluster: cluster
    .optional()
    .describe(
      "the cluster's name; if absent, it is read from a name such as /aws/eks/NAME/cluster or from the event",
    ),
  filter: z
    .enum(['literals', 'none'])
    .default('literals')
    .describe(
      'which log events AWS delivers: those that contain a literal of the rules (`literals`), or all of them (`none`), which is necessary if a forwarder escapes letters',
    ),
  followCertificates: z
    .boolean()
    .default(false)
    .describe(
      'whether AWS also delivers the events of users who log in with a client certificate, so that uses of issued certificates are found. On most clusters, these are most events (docs/cost.md). Not for EKS, which issues no login certificates',
    ),
});

export const watchedBucket = fields({
  name: bucketName
    .optional()
    .describe('an existing bucket; if absent, one is created, and kept when the stack is deleted'),
  cluster: cluster
    .optional()
    .describe("the cluster's name; if absent, it is read from the key (`keyPattern`) or from the events"),
  keyPattern: z
    .string()
    .includes('{cluster}', { error: 'expected a pattern that contains {cluster}' })
    .optional()
    .describe('a pattern that shows where keys contain the cluster, such as `{cluster}/{yyyy}/`'),
  prefix: z
    .string()
    .min(1)
    .optional()
    .describe('only objects whose keys begin with this prefix are read; if absent, every object'),
  notifications: z
    .enum(['s3', 'eventbridge'])
    .default('s3')
    .describe(
      'what notifies csrwatch of an object: S3, in addition to the existing notifications of the bucket, or EventBridge, which must be on for the bucket',
    ),
  keyArn: keyArn.optional().describe('the KMS key of the objects, if they are encrypted with a key of yours'),
  expireAfterDays: z
    .int()
    .min(1)
    .optional()
    .describe(
      'for a created bucket: the number of days after which objects are deleted; if absent, they are kept',
    ),
})
  .refine(({ name, expireAfterDays }) => name === undefined || expireAfterDays === undefined, {
    path: ['expireAfterDays'],
    error: 'applies only to a bucket that is created, and this one has a name',
  })
  .refine(({ name, keyArn }) => name !== undefined || keyArn === undefined, {
    path: ['keyArn'],
    error: 'applies only to an existing bucket: specify its name',
  });

export const stream = fields({
  accounts: z
    .array(z.string().regex(/^\d{12}$/, 'expected the twelve digits of an account'))
    .default([])
    .meta({ takes: 'account ids' })
    .describe('accounts that may subscribe their log groups to the stream'),
  organization: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, 'expected the id of an organization, o-…')
    .optional()
    .describe('an organization whose accounts may do so'),
  shards: z
    .int()
    .min(0)
    .default(1)
    .describe(
      'the number of shards. Each takes 1 MB/s of what the filters deliver; 0 is on-demand mode, at nearly three times the price',
    ),
  clusters: z
    .record(
      z
        .string()
        .regex(
          /^\d{12}:[\w./#-]{1,512}$/,
          'expected an account and a log group, such as 222233334444:/kubernetes/audit',
        ),
      cluster,
    )
    .default({})
    .meta({ takes: 'names by account and log group, such as `222233334444:/kubernetes/audit`' })
    .describe(
      "cluster names of the source accounts' log groups; if absent, they are read from the groups' names or from the events",
    ),
  followCertificates: z
    .boolean()
    .default(false)
    .describe(
      'whether uses of issued certificates are found in the stream; each source account needs `logGroups[].followCertificates` too',
    ),
}).refine(({ accounts, organization }) => accounts.length > 0 || organization !== undefined, {
  error: 'expected accounts or an organization: without them no account may send anything',
});

export const channel = fields({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'expected lower-case letters, digits and -')
    .describe('a name of your choice, except `findings`, `alerts` and `sms`'),
  rendering: z.enum(renderings).describe('the format of the messages: see below'),
  minSeverity: minSeverity.default('low').describe('less severe findings are not sent to this channel'),
  ...givenTopic,
  ...subscribers,
});

export const ruleChoice = {
  rules: z
    .array(z.string())
    .default([])
    .meta({ takes: 'paths' })
    .describe('rule files, or folders of them, that are used in addition to the built-in rules'),
  disabledRules: z
    .array(z.string())
    .default([])
    .meta({ takes: 'ids' })
    .describe('ids of rules that are not used'),
};

export const exception = fields({
  name: z.string().min(1).describe('the name of the exception'),
  reason: z.string().min(1).describe('why no alert is needed'),
  rules: z.array(z.string()).min(1).meta({ takes: 'ids' }).describe('ids of the rules that it applies to'),
  query: z.string().min(1).describe('KQL, added to the rules as `and not (…)`'),
});

const reserved = z.int().min(1).max(10_000).optional();

export const reservedConcurrency = fields({
  logs: reserved.describe(
    'for the function that reads log deliveries and the stream; if absent, none is reserved',
  ),
  objects: reserved.describe(
    'for the function that reads objects, which then handles at most as many batches at once; if absent, none is reserved',
  ),
});
