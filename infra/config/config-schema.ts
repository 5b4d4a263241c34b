import * as z from 'zod';
import {
  arn,
  bucketName,
  channel,
  emails,
  exception,
  fields,
  givenTopic,
  keyArn,
  minSeverity,
  reservedConcurrency,
  ruleChoice,
  sms,
  stream,
  subscribers,
  topicArn,
  watchedBucket,
  watchedLogGroup,
} from './config-parts.ts';
import { stackNamePattern } from './stack-name.ts';

/** What a configuration file may contain. `npm run docs` writes the descriptions into docs/configuration.md. */

const stackName = z
  .string()
  .regex(stackNamePattern, 'expected letters, digits and -, beginning with a letter')
  .optional();

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const tags = z
  .record(z.string().regex(/^(?!aws:).{1,128}$/), z.string().max(256))
  .default({})
  .meta({ takes: 'an object of strings' })
  .describe('tags of the stack and of each resource that can have tags');

const destinationArn = arn('logs', 'a CloudWatch Logs destination');

const noDataAlarmMinutes = z
  .int()
  .min(0)
  .max(1_440)
  .multipleOf(5)
  .default(30)
  .describe(
    'the number of minutes without an audit event in a log group after which an alarm fires; 0 means no alarm',
  );

const runbook = z
  .string()
  .min(1)
  // a rule's description holds 512 characters, an alarm's 1,024 with the names of log groups
  .max(200, { error: 'expected at most 200 characters' })
  .default('docs/runbook.md')
  .describe('the place of the runbook that alarms refer to, such as the URL of a copy in your wiki');

export const configSchema = fields({
  stackName: stackName.describe(
    "the stack's name, which the flag `-c stackName` overrides; if absent, `csrwatch`",
  ),
  tags,
  logGroups: z.array(watchedLogGroup).default([]).describe('existing log groups to subscribe to'),
  buckets: z.array(watchedBucket).default([]).describe('buckets that receive audit logs'),
  stream: stream
    .optional()
    .describe("a Kinesis stream for other accounts' log groups; if absent, none is created"),
  emails: emails.default([]).describe('e-mail subscribers of the channel `alerts`; each must confirm'),
  minSeverity: minSeverity.default('low').describe('less severe findings are not sent to `emails`'),
  sms: sms
    .default([])
    .describe('SMS subscribers; if there is one, the channel `sms` is created with its own topic'),
  smsMinSeverity: minSeverity.default('high').describe('less severe findings are not sent to `sms`'),
  summaryMinutes: z
    .int()
    .min(1)
    .max(1_440)
    .default(15)
    .describe(
      'the interval of summaries: after the first alert of a rule, cluster and user, people get at most one summary of further events in this time',
    ),
  channels: z
    .array(channel)
    .default([])
    .describe('further channels, each with its own topic, rendering and minimum severity'),
  findings: fields({ ...givenTopic, queues: subscribers.queues, https: subscribers.https })
    .default({ queues: [], https: [] })
    .describe('the channel that gets every finding as JSON'),
  operationsEmails: emails
    .optional()
    .describe('recipients of the alarms about csrwatch itself; if absent, those of `emails`'),
  keyArn: keyArn
    .optional()
    .describe('a KMS key for the topics, with the policy in docs/security.md; if absent, one is created'),
  ...ruleChoice,
  exceptions: z
    .array(
      z.union([z.string().min(1), exception], {
        error: 'expected the name of a predefined exception, a file, or {name, reason, rules, query}',
      }),
    )
    .default([])
    .describe(
      'activity that needs no alert: the name of a predefined exception, a file of exceptions, or an exception itself',
    ),
  maxObjectsAtOnce: z
    .int()
    .min(2)
    .max(1_000)
    .optional()
    .describe(
      'how many batches of up to five objects are read at once; if absent, 20, or the reserved concurrency if that is lower',
    ),
  reservedConcurrency: reservedConcurrency
    .default({})
    .describe(
      "reserved concurrency of csrwatch's functions, which is also their limit; if absent, they share the account's concurrency",
    ),
  logRetentionDays: z
    .literal([7, 14, 30, 90, 180, 365])
    .default(30)
    .describe("how many days the functions' own logs are kept"),
  noDataAlarmMinutes,
  noObjectsAlarmHours: z
    .int()
    .min(1)
    .max(168)
    .optional()
    .describe(
      'the number of hours without a new object in a bucket after which an alarm fires; if absent, 24 if there is an existing bucket, and no alarm if csrwatch creates all buckets',
    ),
  backfillResults: bucketName
    .optional()
    .describe(
      'an existing bucket for the results of `csrwatch backfill`; if absent, one is created, and kept when the stack is deleted',
    ),
  backfillResultsKeyArn: keyArn
    .optional()
    .describe('the KMS key of this bucket, if it is encrypted with a key of yours'),
  canarySchedule: z
    .string()
    .regex(
      /^(rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)|cron\(\S+( \S+){5}\))$/,
      'expected a schedule such as rate(1 day)',
    )
    .optional()
    .meta({ takes: 'a schedule such as `rate(1 day)`' })
    .describe('when a canary is sent through every source; if absent, only `csrwatch canary` sends one'),
  runbook,
})
  .refine(
    ({ backfillResults, backfillResultsKeyArn }) => backfillResults !== undefined || !backfillResultsKeyArn,
    {
      path: ['backfillResultsKeyArn'],
      error: 'applies only to an existing bucket: specify backfillResults',
    },
  )
  .refine(
    ({ maxObjectsAtOnce = 0, reservedConcurrency: { objects } }) =>
      objects === undefined || maxObjectsAtOnce <= objects,
    {
      path: ['maxObjectsAtOnce'],
      error: 'expected at most reservedConcurrency.objects: more objects would be throttled',
    },
  );

/** What a source account's file may contain: its log groups are sent to the stream of the central account. */
export const sourceAccountSchema = fields({
  stackName: stackName.describe(
    "the stack's name, which the flag `-c stackName` overrides; if absent, `csrwatch-source-account`",
  ),
  tags,
  destinationArn: destinationArn.describe("the output StreamDestination of the central account's stack"),
  logGroups: z
    .array(watchedLogGroup.omit({ cluster: true }))
    .min(1)
    .describe('existing log groups to subscribe to'),
  organization: z
    .boolean()
    .default(false)
    .describe(
      'whether the central account admits the organization (`stream.organization`), which needs a role here',
    ),
  operationsTopicArn: topicArn
    .optional()
    .describe(
      "the output OperationsTopic of the central account's stack, which then gets the alarms and tamper alerts; if absent, a topic is created here",
    ),
  emails: emails
    .default([])
    .describe('e-mail subscribers of the topic that is created here; each must confirm'),
  noDataAlarmMinutes,
  runbook,
  ...ruleChoice,
})
  .refine(({ operationsTopicArn, emails }) => operationsTopicArn === undefined || emails.length === 0, {
    path: ['emails'],
    error: 'it applies to a topic that is created here: add the addresses to the central account',
  })
  .refine(
    ({ operationsTopicArn, destinationArn }) =>
      operationsTopicArn === undefined || regionOf(operationsTopicArn) === regionOf(destinationArn),
    {
      path: ['operationsTopicArn'],
      error: 'expected a topic in the region of destinationArn: alarms do not publish to another region',
    },
  );

function regionOf(arn: string): string | undefined {
  return arn.split(':')[3];
}
