import type { Place } from '../audit/audit-record.ts';
import type { Recognized, RecognizedEvent } from '../audit/recognized.ts';
import { headBytes } from '../framing/frame.ts';
import { createPrefilter, noLiterals } from '../framing/prefilter.ts';
import type { Input, ScanOptions } from './input.ts';
import type { ScanTally } from './scan-tally.ts';
import { type HoldsLiteral, isSuspicious, literalTest } from './suspicious-record.ts';

const suspicion = 'contains a literal of the rules, and no audit event was found in it';

/** Passes on the audit events of one input, and counts what every record turned out to be. */
export class RecordEvaluator {
  /** What `onRecord` threw. */
  failure: unknown;
  private readonly input: Input;
  private readonly options: ScanOptions;
  private readonly tally: ScanTally;
  private readonly holdsLiteral: HoldsLiteral;

  constructor(input: Input, options: ScanOptions, tally: ScanTally) {
    this.input = input;
    this.options = options;
    this.tally = tally;
    const { literals, checked } = options;
    const holdsLiteral = literalTest(literals);
    const checkedOnly = checked && createPrefilter(noLiterals, checked);
    this.holdsLiteral = checkedOnly
      ? (text) => holdsLiteral(text) || checkedOnly.nextCandidate(Buffer.from(text), 0) >= 0
      : holdsLiteral;
  }

  /** @param bytes - of the record, or their beginning */
  async take(found: readonly Recognized[], offset: number, bytes: Buffer): Promise<void> {
    for (const item of found) {
      switch (item.kind) {
        case 'event':
          this.tally.event();
          await this.event(item, offset);
          break;
        case 'truncated':
          this.reject(offset, item.reason, bytes);
          if (!item.head) break;
          this.tally.truncatedEvent();
          await this.event(item.head, offset);
          break;
        case 'not-audit':
          if (isSuspicious(item.content, this.holdsLiteral)) {
            this.tally.suspect(suspicion, () => this.place(offset));
          } else this.tally.notAuditEvent();
          break;
        case 'unreadable':
          this.reject(offset, item.reason, bytes);
          break;
      }
    }
  }

  reject(offset: number, reason: string, bytes: Buffer): void {
    // the literal may be behind the part of a long record that is kept
    const holdsLiteral = bytes.length >= headBytes || this.holdsLiteral(bytes.toString('utf8'));
    this.tally.reject(reason, () => this.place(offset), holdsLiteral);
  }

  place(offset: number): Place {
    return { origin: this.input.origin, offset };
  }

  private async event(item: RecognizedEvent, offset: number): Promise<void> {
    // one record may hold many
    await this.options.onProgress?.();
    const { event, format, logGroup, account, pod, cluster: reported } = item;
    const cluster = this.input.cluster({ logGroup, account, reported });
    try {
      const place = this.place(offset);
      await this.options.onRecord({ event, format, cluster, place, ...(pod ? { pod } : {}) });
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}
