import type { Place } from '../audit/audit-record.ts';

/** Where a record was read, on one line. */
export function placeText({ origin, line, offset, logEventId, sequenceNumber }: Place): string {
  const within = line === undefined ? (offset === undefined ? '' : `, byte ${offset}`) : `, line ${line}`;
  switch (origin.kind) {
    case 'file':
      return `${origin.path === '-' ? 'standard input' : origin.path}${within}`;
    case 'log-stream':
      return `log group ${origin.logGroup}, stream ${origin.logStream}${logEventId ? `, event ${logEventId}` : ''}`;
    case 'stream':
      return `Kinesis stream ${origin.stream}${sequenceNumber ? `, record ${sequenceNumber}` : ''}${within}`;
    case 'object':
      return `s3://${origin.bucket}/${origin.key}${within}`;
  }
}
