import { type Finding, severities } from '../findings/finding.ts';
import type { Channel } from './channel.ts';
import type { Message } from './message.ts';
import type { RenderContext } from './page.ts';
import { render } from './render.ts';

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

export interface PublishReport {
  readonly published: number;
  /** What didn't get out after all attempts. */
  readonly failures: readonly { readonly topicArn: string; readonly reason: string }[];
}

/** Sends findings to each channel whose bar they reach. One channel's failure stops no other. */
export async function publish(
  findings: readonly Finding[],
  channels: readonly Channel[],
  send: PublishBatch,
): Promise<PublishReport> {
  let published = 0;
  const failures: { topicArn: string; reason: string }[] = [];
  for (const { rendering, topicArn, lowestSeverity } of channels) {
    const reaching = findings.filter(({ severity }) => rank(severity) >= rank(lowestSeverity));
    const pages = render(rendering, reaching, contextOf(topicArn));
    for (const batch of batches(pages.map(({ message }) => message))) {
      const failed = await sendBatch(topicArn, batch, send);
      published += batch.length - failed.length;
      failures.push(...failed.map(({ code, reason }) => ({ topicArn, reason: `${code}: ${reason}` })));
    }
  }
  return { published, failures };
}

/** `arn:partition:sns:region:account:name` */
function contextOf(topicArn: string): RenderContext {
  const [, , , region = '', account = ''] = topicArn.split(':');
  return { region, account, nowMs: Date.now() };
}

function rank(severity: Finding['severity']): number {
  return severities.indexOf(severity);
}

/** Sends the failed entries again, those alone, as long as that can help. */
async function sendBatch(
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

function batches(messages: readonly Message[]): BatchEntry[][] {
  const all: BatchEntry[][] = [];
  let batch: BatchEntry[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = sizeOf(message);
    if (batch.length === maxEntries || (batch.length > 0 && bytes + size > maxBatchBytes)) {
      all.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push({ id: String(batch.length), message });
    bytes += size;
  }
  return batch.length > 0 ? [...all, batch] : all;
}

function sizeOf({ body, subject = '', attributes = {} }: Message): number {
  const texts = [
    body,
    subject,
    ...Object.entries(attributes).flatMap(([name, value]) => [name, 'String', value]),
  ];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
