import { type PublishBatch, sendBatch } from '../alerts/publishing/publish-batch.ts';
import type { Log } from '../log.ts';
import { namedMessageOf } from '../message-of.ts';
import { noticeMessage, type UnreadNotice } from './unread-notice.ts';

/** An attacker who sends such records all the time gets one notice a window. */
export const windowMs = 3_600_000;

/** Remembers, for all functions, that a source had its notice in this window. Each call may reject. */
export interface NoticeTable {
  /** @returns false if another notice was sent in the window */
  claim(key: string, windowMs: number): Promise<boolean>;
  release(key: string): Promise<void>;
}

export interface NoticePorts {
  readonly topicArn: string;
  readonly send: PublishBatch;
  /** Absent if nothing is remembered beyond this process. */
  readonly table: NoticeTable | undefined;
  /** When this process sent the last notice of a source, by source. */
  readonly sentAtMs: Map<string, number>;
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Publishes the notice to the operations topic, unless one of its source was sent in the window. An alarm cannot do this: it
 * notifies only when it leaves OK, and one malformed line every five minutes keeps it from returning there.
 * @returns false if it was to be sent and could not be
 */
export async function sendNotice(notice: UnreadNotice, ports: NoticePorts): Promise<boolean> {
  const { topicArn, send, table, sentAtMs, now, log } = ports;
  const key = `${topicArn}#unread#${notice.source}`;
  if (now() - (sentAtMs.get(key) ?? Number.NEGATIVE_INFINITY) < windowMs) return true;
  try {
    if (table && !(await table.claim(key, windowMs))) return true;
  } catch (error) {
    // twice is better than never
    log('warn', 'notice sent without deduplication', { reason: namedMessageOf(error) });
  }
  const message = noticeMessage(notice, windowMs / 60_000);
  const [failed] = await sendBatch(topicArn, [{ id: '0', message }], send);
  if (!failed) {
    sentAtMs.set(key, now());
    return true;
  }
  log('error', 'notice not sent', { topicArn, reason: `${failed.code}: ${failed.reason}` });
  await table?.release(key).catch((error: unknown) => {
    log('warn', 'window of a notice not released', { reason: namedMessageOf(error) });
  });
  return false;
}
