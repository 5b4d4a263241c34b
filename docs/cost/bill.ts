import { assumptions, daysPerMonth, functionGigabytes, idlePollsPerMonth } from './assumptions.ts';
import { prices } from './prices.ts';

/** How audit events come in. */
export type Road = 'logs' | 'logs, no pattern' | 'objects';

/** Dollars by what they are for. */
export type Bill = Readonly<Record<string, number>>;

/** What the function is called for. */
export interface Work {
  readonly invocations: number;
  /** Of all invocations together. */
  readonly seconds: number;
}

const mega = 1e6;
const giga = 1e9;
const { value: eventBytes } = assumptions.eventBytes;

/** What so many events ask of the function. */
export function workOf(road: Road, events: number): Work {
  const read = (share: number) =>
    (events * share * eventBytes * assumptions.millisecondsPerMegabyte.value) / mega;
  const work = (invocations: number, share: number) => ({
    invocations,
    seconds: (invocations * assumptions.millisecondsPerInvocation.value + read(share)) / 1_000,
  });
  switch (road) {
    case 'logs': {
      const share = assumptions.delivered.value;
      return work(events * share, share);
    }
    case 'logs, no pattern':
      return work(events / assumptions.eventsPerDelivery.value, 1);
    case 'objects': {
      const objectBytes = assumptions.objectMegabytes.value * mega * assumptions.packing.value;
      return work((events * eventBytes) / objectBytes, 1);
    }
  }
}

/** What grows with the events alone, pages left out. */
export function billOfEvents(road: Road, events: number): Bill {
  const { invocations, seconds } = workOf(road, events);
  return {
    Lambda:
      seconds * functionGigabytes * prices.lambdaGbSecond.dollars +
      invocations * prices.lambdaRequest.dollars,
    "the function's log":
      ((invocations * assumptions.logBytesPerInvocation.value) / giga) * prices.logIngestion.dollars,
    ...(road === 'objects'
      ? {
          // sent, received, deleted
          SQS: 3 * invocations * prices.sqsRequest.dollars,
          'S3 requests': invocations * prices.s3Get.dollars,
        }
      : {}),
  };
}

/** A month of one road, with everything on. */
export function billOfMonth(road: Road, clusters: number): Bill {
  const stacks = road === 'objects' ? 1 : Math.ceil(clusters / assumptions.clustersPerStack.value);
  const bill = billOfStack(road, clusters / stacks);
  return Object.fromEntries(Object.entries(bill).map(([item, dollars]) => [item, dollars * stacks]));
}

function billOfStack(road: Road, clusters: number): Bill {
  const events = assumptions.eventsPerClusterDay.value * daysPerMonth * clusters;
  const findings = assumptions.findingsPerClusterDay.value * daysPerMonth * clusters;
  const pages = findings * assumptions.channels.value;
  const counted = assumptions.clusterMetrics.value * (road === 'logs' ? assumptions.hoursWithData.value : 1);
  const ofLogs = road !== 'objects';
  // its silence, and what the two queries over all subscriptions look at
  const alarmMetricsPerCluster = ofLogs ? 3 : 1;
  return {
    'reading the events': total(billOfEvents(road, events)),
    'pages and their memory':
      // claimed, then marked as done
      pages * (prices.snsPublish.dollars + 2 * prices.tableWrite.dollars) +
      findings * prices.snsEmail.dollars,
    // of the road, of each cluster, and one more of each for its silence
    metrics: metricDollars(assumptions.metrics.value + (counted + 1) * clusters),
    alarms: (assumptions.alarmMetrics.value + alarmMetricsPerCluster * clusters) * prices.alarmMetric.dollars,
    'key, dashboard, idle polls':
      prices.key.dollars +
      prices.dashboard.dollars +
      (ofLogs ? 0 : idlePollsPerMonth * prices.sqsRequest.dollars),
  };
}

/** Of a backfill, pages left out. */
export function billOfBackfill(objects: number): Bill {
  const objectEvents =
    (assumptions.objectMegabytes.value * mega * assumptions.packing.value) / assumptions.eventBytes.value;
  const { SQS: _, ...reading } = billOfEvents('objects', objects * objectEvents);
  return {
    'Step Functions': objects * assumptions.transitionsPerObject.value * prices.stateTransition.dollars,
    "the state machine's log, traces":
      ((objects * assumptions.logBytesPerExecution.value) / giga) * prices.logIngestion.dollars +
      objects * assumptions.traced.value * prices.trace.dollars,
    'reading the objects': total(reading),
  };
}

/** Of a scheduled canary, for a month. */
export function billOfCanary(roads: number, runsPerDay: number): Bill {
  const runs = runsPerDay * daysPerMonth;
  return {
    Lambda: runs * assumptions.canarySeconds.value * functionGigabytes * prices.lambdaGbSecond.dollars,
    'its pages':
      runs * roads * assumptions.channels.value * (prices.snsPublish.dollars + 2 * prices.tableWrite.dollars),
    'its alarm': prices.alarmMetric.dollars,
  };
}

/** What it takes to have the same events in a system that stores and searches all of them, for a month. */
export function otherBills(clusters: number): Bill {
  const events = assumptions.eventsPerClusterDay.value * daysPerMonth * clusters;
  const gigabytes = (events * eventBytes) / giga;
  return {
    'CloudWatch Logs takes them in (you pay that already on the logs road)':
      gigabytes * prices.logIngestion.dollars,
    'Elastic Security Serverless, kept 30 days':
      gigabytes * (prices.elasticIngest.dollars + prices.elasticRetention.dollars),
    'Datadog Log Management, indexed for 15 days':
      gigabytes * prices.datadogIngest.dollars + (events / mega) * prices.datadogIndex.dollars,
  };
}

/** Functions that run at the same time on average, all events spread over the day. */
export function concurrency(road: Road, clusters: number): number {
  const { seconds } = workOf(road, assumptions.eventsPerClusterDay.value * clusters);
  return seconds / (24 * 60 * 60);
}

/** Of a bill, in dollars. */
export function total(bill: Bill): number {
  return Object.values(bill).reduce((sum, dollars) => sum + dollars, 0);
}

function metricDollars(metrics: number): number {
  const first = Math.min(metrics, 10_000);
  return first * prices.customMetric.dollars + (metrics - first) * prices.customMetricPast10k.dollars;
}
