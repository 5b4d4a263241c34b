import type { Message } from '../alerts/message.ts';
import type { Origin } from '../audit/audit-record.ts';
import type { Unread } from '../scan/input.ts';
import { placeText } from '../text/place-text.ts';
import { visible } from '../text/visible-text.ts';

/** The records of one input on which no rule could be evaluated, although they contain a literal. */
export interface UnreadNotice {
  readonly source: string;
  readonly unread: Unread;
}

/** Enough to see what the records have in common. */
const shownRecords = 10;
const maxReasonCharacters = 300;

export function noticeOf(unread: Unread): UnreadNotice | undefined {
  const [first] = unread.first;
  return first && { source: sourceOf(first.place.origin), unread };
}

/** One notice in each window covers all inputs of the same source. */
function sourceOf(origin: Origin): string {
  switch (origin.kind) {
    case 'file':
      return origin.path;
    case 'log-stream':
      return `log group ${origin.logGroup}`;
    case 'stream':
      return `Kinesis stream ${origin.stream}`;
    case 'object':
      return `s3://${origin.bucket}`;
  }
}

export function noticeMessage({ source, unread }: UnreadNotice, windowMinutes: number): Message {
  const shown = unread.first.slice(0, shownRecords);
  const others = unread.count - shown.length;
  const records = unread.count === 1 ? '1 record' : `${unread.count} records`;
  return {
    subject: 'csrwatch: records that may hide an event',
    body: [
      `csrwatch could not evaluate its rules on ${records} of ${visible(source)}, although they contain a literal of the rules. An attacker may make a record unreadable to hide an event.`,
      '',
      ...shown.map(
        ({ place, reason }) =>
          `${visible(placeText(place))}: ${visible(reason.slice(0, maxReasonCharacters))}`,
      ),
      ...(others > 0 ? [`and ${others} more`] : []),
      '',
      `Further records of this source are not reported for ${windowMinutes} minutes. The metrics Rejected and Suspicious count them.`,
      'What to do: docs/runbook.md#suspicious-records',
    ].join('\n'),
  };
}
