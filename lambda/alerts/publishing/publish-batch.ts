import { messageOf } from '../../message-of.ts';
import type { Alert } from '../alert.ts';
import type { Message } from '../message.ts';

/** PublishBatch: ten entries, together 256 KiB with their attributes and subjects. */
const maxEntries = 10;
const maxBatchBytes = 256 * 1_024;
const attempts = 3;

export interface BatchEntry {
  /** Unique within its batch. */
  readonly id: string;
  readonly message: Message;
}

export interface FailedEntry {
  readonly id: string;
  readonly code: string;
  readonly reason: string;
  /** Whether sending the same entry again cannot help. */
  readonly senderFault: boolean;
}

/** Publishes a batch. Rejects if the whole call fails; HTTP 200 may still report failed entries. */
export type PublishBatch = (
  topicArn: string,
  entries: readonly BatchEntry[],
) => Promise<readonly FailedEntry[]>;

/** An alert as an entry of a batch. */
export type AlertEntry = BatchEntry & Alert;

export function batchesOf(alerts: readonly Alert[]): AlertEntry[][] {
  const all: AlertEntry[][] = [];
  let batch: AlertEntry[] = [];
  let bytes = 0;
  for (const alert of alerts) {
    const size = sizeOf(alert.message);
    if (batch.length === maxEntries || (batch.length > 0 && bytes + size > maxBatchBytes)) {
      all.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push({ id: String(batch.length), ...alert });
    bytes += size;
  }
  return batch.length > 0 ? [...all, batch] : all;
}

/**
 * Sends a batch, and sends failed entries again as long as that can help. If the call fails as a whole, the entries are
 * sent one by one: one that SNS refuses must not take the others with it.
 * @returns the entries that could not be sent
 */
export async function sendBatch(
  topicArn: string,
  batch: readonly BatchEntry[],
  send: PublishBatch,
): Promise<FailedEntry[]> {
  const final: FailedEntry[] = [];
  let calls: readonly (readonly BatchEntry[])[] = [batch];
  for (let attempt = 1; calls.length > 0; attempt += 1) {
    const isLast = attempt === attempts;
    const again: (readonly BatchEntry[])[] = [];
    for (const entries of calls) {
      const result = await call(topicArn, entries, send);
      final.push(...result.failed.filter(({ senderFault }) => senderFault || isLast));
      const ids = new Set(result.failed.filter(({ senderFault }) => !senderFault).map(({ id }) => id));
      const retried = entries.filter(({ id }) => ids.has(id));
      if (result.refusedWhole) again.push(...retried.map((entry) => [entry]));
      else if (retried.length > 0) again.push(retried);
    }
    calls = isLast ? [] : again;
  }
  return final;
}

async function call(
  topicArn: string,
  entries: readonly BatchEntry[],
  send: PublishBatch,
): Promise<{ readonly failed: readonly FailedEntry[]; readonly refusedWhole: boolean }> {
  try {
    return { failed: await send(topicArn, entries), refusedWhole: false };
  } catch (error) {
    const code = error instanceof Error ? error.name : 'Error';
    const reason = messageOf(error);
    return {
      failed: entries.map(({ id }) => ({ id, code, reason, senderFault: false })),
      refusedWhole: true,
    };
  }
}

function sizeOf({ body, subject = '', attributes = {} }: Message): number {
  const texts = [
    body,
    subject,
    ...Object.entries(attributes).flatMap(([name, value]) => [name, 'String', value]),
  ];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
