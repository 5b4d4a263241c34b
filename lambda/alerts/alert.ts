import type { Finding } from '../findings/finding.ts';
import type { Rendering } from './channel.ts';
import type { Message } from './message.ts';

/** One message of a channel, and what it speaks for. */
export interface Page {
  /** What is remembered once it is out: `alertKey` of each finding in it. */
  readonly keys: readonly string[];
  readonly message: Message;
}

/** What a rendering needs beside the findings. */
export interface RenderContext {
  /** Of the topic: twelve digits, and a name such as `eu-central-1`. */
  readonly account: string;
  readonly region: string;
  /** Since the epoch. */
  readonly nowMs: number;
}

/** On `json` each finding is a page of its own; on the human channels one event is one page, whatever rules match it. */
export function alertKey(rendering: Rendering, finding: Finding): string {
  return rendering === 'json' ? finding.id : finding.eventDigest;
}
