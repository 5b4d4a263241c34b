import { randomUUID } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { readCanaryEnvironment } from '../environment.ts';
import { stringsAt } from '../json/read-json.ts';
import { bucketSource, logGroupSource, queueInbox } from './canary-sources.ts';
import { type CanaryResult, runCanary } from './run-canary.ts';

const environment = readCanaryEnvironment(process.env);
const s3 = new S3Client({});
const receive = queueInbox(environment.queueUrl, new SQSClient({}));

/** The part of Lambda's context that is read. */
interface Context {
  getRemainingTimeInMillis(): number;
}

/** Left for reporting what failed before Lambda ends the function. */
const reserveMs = 15_000;

/**
 * The canary on a schedule.
 * @param event - `{formatVersion, sources: string[]}`: names of log groups, and `s3://bucket/prefix`
 * @throws if an alert did not arrive, so that the alarm on the function's errors fires
 */
export async function handler(event: unknown, context: Context): Promise<readonly CanaryResult[]> {
  const sources = stringsAt(event, 'sources').map((name) =>
    name.startsWith('s3://') ? bucketSource(name.slice('s3://'.length), s3) : logGroupSource(name),
  );
  if (sources.length === 0)
    throw new Error('the event names no source: {"sources": ["LOG_GROUP", "s3://BUCKET/"]}');
  const timeoutMs = context.getRemainingTimeInMillis() - reserveMs;
  const results = await runCanary(sources, receive, { id: randomUUID(), timeoutMs, pauseMs: 1_000 });
  const failed = results.flatMap((result) => (result.ok ? [] : [`${result.source}: ${result.reason}`]));
  if (failed.length > 0) throw new Error(failed.join('\n'));
  return results;
}
