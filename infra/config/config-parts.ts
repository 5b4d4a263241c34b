import { z } from 'zod';
import { renderings } from '../../lambda/alerts/channel.ts';
import { severities } from '../../lambda/findings/finding.ts';

/** What the fields of a configuration are made of. */

const cluster = z.string().min(1);
export const arn = (service: string, what: string) =>
  z
    .string()
    .regex(new RegExp(`^arn:[\\w-]+:${service}:[\\w-]*:\\d*:.+$`), `it takes the ARN of ${what}`)
    .meta({ takes: `the ARN of ${what}` });
export const keyArn = arn('kms', 'a KMS key');
const topicArn = arn('sns', 'an SNS topic');

/** An object that names the fields it takes when it gets another. */
export function fields<T extends z.core.$ZodShape>(shape: T) {
  return z.strictObject(shape, {
    error: ({ code, keys }) =>
      code === 'unrecognized_keys'
        ? `no such field: ${keys?.join(', ')}; it takes ${Object.keys(shape).join(', ')}`
        : undefined,
  });
}

export const emails = z
  .array(z.email({ error: 'it takes an e-mail address' }))
  .meta({ takes: 'e-mail addresses' });
export const sms = z
  .array(z.e164({ error: 'it takes a number such as +4915112345678' }))
  .meta({ takes: 'telephone numbers such as +4915112345678' });
const url = {
  error: "it takes an https URL, or {secret: 'NAME'} for one that Secrets Manager holds",
};
const https = z
  .array(z.union([z.url({ protocol: /^https$/, ...url }), fields({ secret: z.string().min(1) })], url))
  .meta({ takes: "https URLs, or `{secret: 'NAME'}` for one that Secrets Manager holds" });
const queues = z.array(arn('sqs', 'a queue')).meta({ takes: 'ARNs of queues' });
export const minSeverity = z.enum(severities);

export const subscribers = {
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
export const givenTopic = {
  topicArn: topicArn.optional().describe('a topic that exists; else one is made'),
  keyArn: keyArn
    .optional()
    .describe('the key of that topic, where it is encrypted; its policy must let the functions in'),
};

export const watchedLogGroup = fields({
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

export const watchedBucket = fields({
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

export const stream = fields({
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

export const channel = fields({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'it takes lower-case letters, digits and -')
    .describe('yours to choose; `findings` and `alerts` are taken'),
  rendering: z.enum(renderings).describe('what a message looks like: see below'),
  minSeverity: minSeverity.default('low').describe('findings below it do not go there'),
  ...givenTopic,
  ...subscribers,
});

export const ruleChoice = {
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

export const exception = fields({
  name: z.string().min(1).describe('what the exception is called'),
  reason: z.string().min(1).describe('why nobody has to be paged'),
  rules: z.array(z.string()).min(1).meta({ takes: 'ids' }).describe('ids of the rules that it is for'),
  query: z.string().min(1).describe('KQL, ANDed to the rules as `not (…)`'),
});
