import type { Place } from '../audit/audit-record.ts';
import { nameText, plainTextStyle } from './quoted-text.ts';

/** The limit of an object's key; names of buckets, log groups and streams are shorter. */
const longestName = 1_024;

/**
 * Where a record was read, visible and on one line. Whoever writes to a bucket or a log group chooses keys and names of
 * streams, so they are quoted unless they are one word.
 */
export function placeText(
  { origin, line, offset, logEventId, sequenceNumber }: Place,
  maxNameCharacters = longestName,
): string {
  const named = (name: string) => nameText(name, maxNameCharacters, plainTextStyle);
  const within = line === undefined ? (offset === undefined ? '' : `, byte ${offset}`) : `, line ${line}`;
  switch (origin.kind) {
    case 'file':
      return `${origin.path === '-' ? 'standard input' : named(origin.path)}${within}`;
    case 'log-stream':
      return `log group ${named(origin.logGroup)}, stream ${named(origin.logStream)}${logEventId ? `, event ${named(logEventId)}` : ''}`;
    case 'stream':
      return `Kinesis stream ${named(origin.stream)}${sequenceNumber ? `, record ${named(sequenceNumber)}` : ''}${within}`;
    case 'object':
      return `${named(`s3://${origin.bucket}/${origin.key}`)}${within}`;
  }
}
