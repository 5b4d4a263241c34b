import { gzipSync } from 'node:zlib';
import type { FilteredLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { SubscriptionFilter } from '../../lambda/kql/subscription-filter.ts';
import type { ScanOptions, ScanReport } from '../../lambda/scan/input.ts';
import { scanLogData } from '../../lambda/scan/scan-log-data.ts';
import type { Filters } from './filters.ts';
import { MergedReport } from './merged-report.ts';
import { awsReason } from './s3-input.ts';

/** CloudWatch Logs' time of a log event is a little later than the event's own. */
const slackMs = 15 * 60_000;
/** FilterLogEvents allows few requests per second, and fewer if others use it too. */
const maxAttempts = 12;

export interface LogGroupSearch {
  readonly name: string;
  readonly filters: Filters;
  readonly filter: SubscriptionFilter;
  readonly cluster: string | null;
  readonly signal: AbortSignal;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * Searches a log group: CloudWatch Logs applies the filter pattern, so only candidates are downloaded. Each page is scanned
 * like the delivery of a subscription.
 */
export async function scanLogGroup(search: LogGroupSearch, options: ScanOptions): Promise<ScanReport> {
  const { name, cluster } = search;
  const origin = { kind: 'log-stream', logGroup: name, logStream: '' } as const;
  const context = {
    clusters: { logGroups: cluster === null ? {} : { [name]: cluster }, buckets: {}, keyPatterns: {} },
    region: undefined,
  };
  const named: ScanOptions = {
    ...options,
    onRecord: (record) =>
      options.onRecord(record.cluster === `unknown:${name}` ? { ...record, cluster: null } : record),
  };
  const merged = new MergedReport(origin);
  try {
    for await (const events of pagesOf(search)) {
      for (const [logStream, logEvents] of byStream(events)) {
        const data = Buffer.from(
          JSON.stringify({ messageType: 'DATA_MESSAGE', logGroup: name, logStream, logEvents }),
        );
        search.onBytes?.(data.length);
        merged.add(await scanLogData(gzipSync(data, { level: 1 }), context, named));
      }
    }
  } catch (error) {
    return merged.report(awsReason(error));
  }
  const report = merged.report();
  // a log group without a match may hold audit logs all the same
  return { ...report, looksLikeAudit: report.looksLikeAudit || report.bytes === 0 };
}

async function* pagesOf({
  name,
  filters,
  filter,
  signal,
}: LogGroupSearch): AsyncGenerator<FilteredLogEvent[]> {
  const { CloudWatchLogsClient, FilterLogEventsCommand } = await import('./logs-sdk.ts');
  const client = new CloudWatchLogsClient({ maxAttempts });
  const { sinceMs, untilMs } = filters;
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new FilterLogEventsCommand({
        logGroupName: name,
        ...(sinceMs === undefined ? {} : { startTime: Math.max(0, Math.floor(sinceMs)) }),
        ...(untilMs === undefined ? {} : { endTime: Math.ceil(untilMs) + slackMs }),
        ...(filter.kind === 'everything' ? {} : { filterPattern: filter.pattern }),
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
      { abortSignal: signal },
    );
    yield page.events ?? [];
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}

/** A page mixes streams; only in one of them can an event continue in the next log event. */
function byStream(events: readonly FilteredLogEvent[]): Map<string, object[]> {
  const streams = new Map<string, object[]>();
  for (const { logStreamName = '', eventId, timestamp, message } of events) {
    const stream = streams.get(logStreamName) ?? [];
    stream.push({ id: eventId, timestamp, message });
    streams.set(logStreamName, stream);
  }
  return streams;
}
