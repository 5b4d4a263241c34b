import { createServer } from 'node:http';
import { random } from '../chaos/random.ts';
import { listening } from '../loopback-server.ts';
import type { FuzzRecord } from './draw-record.ts';

/** A log event as FilterLogEvents returns it. */
interface LogEvent {
  readonly eventId: string;
  readonly logStreamName: string;
  readonly timestamp: number;
  readonly message: string;
}

/** The log events of a log group in pages, each of which mixes streams. The parts of a record have one stream and page. */
export function pagesOf(records: readonly FuzzRecord[], seed: number): readonly (readonly LogEvent[])[] {
  const chosen = random(seed, 'log group');
  const streams = chosen.pick([['a'], ['a', 'b', '__proto__']] as const);
  const pages: LogEvent[][] = [[]];
  for (const [index, { parts }] of records.entries()) {
    if (chosen.chance(0.2)) pages.push([]);
    const logStreamName = streams[chosen.int(0, streams.length - 1)] ?? 'a';
    for (const [part, bytes] of parts.entries())
      pages.at(-1)?.push({
        eventId: `${index}-${part}`,
        logStreamName,
        timestamp: 1_767_323_045_678,
        message: bytes.toString('utf8'),
      });
  }
  return pages;
}

/**
 * CloudWatch Logs, with one log group.
 * @param pages - of the log group at the time of a request
 */
export async function startLogGroup(pages: () => readonly (readonly LogEvent[])[]) {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const { nextToken = '0' } = JSON.parse(text);
      const page = Number(nextToken);
      const all = pages();
      const isLast = page + 1 >= all.length;
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      // each scan has a client of its own
      response.setHeader('connection', 'close');
      response.end(
        JSON.stringify({ events: all[page] ?? [], ...(isLast ? {} : { nextToken: `${page + 1}` }) }),
      );
    });
  });
  const { url } = await listening(server);
  // it ends with its thread
  server.unref();
  return {
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}
