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

/** Of Lambda's context, what the canary reads. */
interface Context {
  getRemainingTimeInMillis(): number;
}

/** Room to say what failed before Lambda ends the function. */
const reserveMs = 15_000;

/**
 * The canary on a schedule.
 * @param event - `{sources: string[]}`: names of log groups, and `s3://bucket/prefix`
 * @throws where a page didn't come, so that the alarm on the function's errors speaks
 */
export async function handler(event: unknown, context: Context): Promise<readonly CanaryResult[]> {
  const roads = stringsAt(event, 'sources').map((name) =>
    name.startsWith('s3://') ? bucketSource(name.slice('s3://'.length), s3) : logGroupSource(name),
  );
  if (roads.length === 0)
    throw new Error('the event names no source: {"sources": ["LOG_GROUP", "s3://BUCKET/"]}');
  const timeoutMs = context.getRemainingTimeInMillis() - reserveMs;
  const results = await runCanary(roads, receive, { id: randomUUID(), timeoutMs, pauseMs: 1_000 });
  const failed = results.flatMap((result) => (result.ok ? [] : [`${result.road}: ${result.reason}`]));
  if (failed.length > 0) throw new Error(failed.join('\n'));
  return results;
}
