import type { Page } from '../alert.ts';
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
  /** True where sending the same again can't help. */
  readonly senderFault: boolean;
}

/** Publishes a batch; rejects where the call fails as a whole. HTTP 200 may still carry failures. */
export type PublishBatch = (
  topicArn: string,
  entries: readonly BatchEntry[],
) => Promise<readonly FailedEntry[]>;

/** A page on its way in a batch. */
export type AlertEntry = BatchEntry & Page;

export function batchesOf(pages: readonly Page[]): AlertEntry[][] {
  const all: AlertEntry[][] = [];
  let batch: AlertEntry[] = [];
  let bytes = 0;
  for (const page of pages) {
    const size = sizeOf(page.message);
    if (batch.length === maxEntries || (batch.length > 0 && bytes + size > maxBatchBytes)) {
      all.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push({ id: String(batch.length), ...page });
    bytes += size;
  }
  return batch.length > 0 ? [...all, batch] : all;
}

/**
 * Sends the failed entries again, those alone, as long as that can help.
 * @returns what didn't get out
 */
export async function sendBatch(
  topicArn: string,
  batch: readonly BatchEntry[],
  send: PublishBatch,
): Promise<FailedEntry[]> {
  const given: FailedEntry[] = [];
  let waiting = batch;
  for (let attempt = 1; waiting.length > 0; attempt += 1) {
    const failed = await send(topicArn, waiting).catch((error: unknown) => wholeCall(waiting, error));
    const again = failed.filter(({ senderFault }) => !senderFault);
    given.push(...failed.filter(({ senderFault }) => senderFault));
    if (attempt === attempts) return [...given, ...again];
    const ids = new Set(again.map(({ id }) => id));
    waiting = waiting.filter(({ id }) => ids.has(id));
  }
  return given;
}

function wholeCall(entries: readonly BatchEntry[], error: unknown): FailedEntry[] {
  const code = error instanceof Error ? error.name : 'Error';
  const reason = error instanceof Error ? error.message : String(error);
  return entries.map(({ id }) => ({ id, code, reason, senderFault: false }));
}

function sizeOf({ body, subject = '', attributes = {} }: Message): number {
  const texts = [
    body,
    subject,
    ...Object.entries(attributes).flatMap(([name, value]) => [name, 'String', value]),
  ];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
