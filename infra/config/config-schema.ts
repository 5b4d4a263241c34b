import { z } from 'zod';
import {
  arn,
  channel,
  emails,
  exception,
  fields,
  givenTopic,
  keyArn,
  minSeverity,
  ruleChoice,
  sms,
  stream,
  subscribers,
  watchedBucket,
  watchedLogGroup,
} from './config-parts.ts';

/** What a file of `-c config=FILE` may hold. The descriptions are docs/configuration.md: `npm run docs` writes them there. */

export const configSchema = fields({
  logGroups: z.array(watchedLogGroup).default([]).describe('log groups that exist, subscribed to'),
  buckets: z.array(watchedBucket).default([]).describe('buckets that audit logs are dropped into'),
  stream: stream.optional().describe("a Kinesis stream for other accounts' log groups; else none is made"),
  emails: emails.default([]).describe('who gets pages by e-mail; each must confirm'),
  sms: sms.default([]).describe('who gets pages as SMS'),
  minSeverity: minSeverity
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
  noDataAlarmMinutes: z
    .int()
    .min(0)
    .max(1_440)
    .multipleOf(5)
    .default(30)
    .describe('minutes that a log group may be without an audit event before an alarm; 0 is no alarm'),
  noObjectsAlarmHours: z
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

/** What a file for a source account may hold: its log groups go to the stream of another account. */
export const sourceAccountSchema = fields({
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
