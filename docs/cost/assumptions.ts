import { clusterMetrics } from '../../lambda/metrics.ts';

export interface Assumption {
  readonly value: number;
  readonly what: string;
  /** Where it comes from, and how to find your own. */
  readonly why: string;
}

/** Put your own numbers here and run `npm run docs`. */
export const assumptions = {
  eventsPerClusterDay: {
    value: 2_000_000,
    what: 'audit events of a cluster a day',
    why: '23 a second, a busy cluster of some fifty nodes. Yours: the metrics of csrwatch/AuditEvents',
  },
  eventBytes: {
    value: 1_225,
    what: 'bytes of an event, unpacked',
    why: 'the log of the benchmark: 400,000 events in 490 MB',
  },
  packing: { value: 11, what: 'times smaller in gzip', why: 'the same log packed is 44 MB' },
  delivered: {
    value: 1 / 10_000,
    what: 'share of events that the filter pattern delivers',
    why: 'fifty nodes that join a day with two requests of two events each. Yours: ForwardedLogEvents by IncomingLogEvents',
  },
  eventsPerDelivery: {
    value: 200,
    what: 'events of a log delivery without a pattern',
    why: 'some 250 kB; through a pattern each event is counted as a delivery of its own',
  },
  objectMegabytes: { value: 5, what: 'MB of an object, packed', why: 'a common buffer size of forwarders' },
  millisecondsPerMegabyte: {
    value: 5,
    what: 'ms of the function for an unpacked MB',
    why: 'a quarter of the speed in performance.md: 1,024 MB of memory buy 0.58 of a processor, and a slower one',
  },
  millisecondsPerInvocation: {
    value: 100,
    what: 'ms of the function beside that',
    why: 'the handler, its requests, and its share of cold starts',
  },
  logBytesPerInvocation: {
    value: 1_500,
    what: "bytes that an invocation writes into the function's log",
    why: "a line of metrics and Lambda's own three",
  },
  metrics: {
    value: 12,
    what: 'metrics that a delivery counts by road',
    why: 'DeliveryCounts in lambda/metrics.ts',
  },
  clusterMetrics: {
    value: clusterMetrics.length,
    what: 'of them counted by cluster too',
    why: `${clusterMetrics.join(', ')}; on the S3 road one more by bucket, of which each cluster has its own`,
  },
  hoursWithData: {
    value: 0.67,
    what: 'share of hours in which the logs road counts something for a cluster',
    why: 'a metric is billed by the hour that has data; the S3 road has them in every hour',
  },
  alarmMetrics: {
    value: 17,
    what: 'metrics of the alarms of a stack with both roads, whatever the number of clusters',
    why: 'the template of the quick start, a test counts them',
  },
  clustersPerStack: {
    value: 80,
    what: 'log groups of a stack',
    why: 'so many alarms on the silence of one group each fit into a stack; one stack takes the objects of all',
  },
  findingsPerClusterDay: {
    value: 10,
    what: 'findings of a cluster a day',
    why: 'nodes are left out by the rule; your people and pipelines are not',
  },
  channels: { value: 2, what: 'channels that a finding goes to', why: 'json and text, one subscriber each' },
  transitionsPerObject: {
    value: 2,
    what: 'state transitions of a backfill for an object',
    why: 'its execution starts, and has one state',
  },
  logBytesPerExecution: {
    value: 3_000,
    what: "bytes that such an execution writes into the state machine's log",
    why: 'some six events, without their data',
  },
  traced: {
    value: 0.05,
    what: 'share of these executions that X-Ray traces',
    why: "X-Ray's default sampling",
  },
  canarySeconds: {
    value: 30,
    what: 'seconds that the scheduled canary waits for its pages',
    why: 'most of it is how long CloudWatch Logs takes to deliver; a road that is closed takes ten minutes',
  },
} as const satisfies Record<string, Assumption>;

/** As everybody counts a month of a cloud's bill here. */
export const daysPerMonth = 30;
/** Lambda's memory in GB, as infra/detector-function.ts sets it. */
export const functionGigabytes = 1;
/** Five pollers of Lambda ask for twenty seconds each, also where nothing comes. */
export const idlePollsPerMonth = 5 * 3 * 60 * 24 * daysPerMonth;
