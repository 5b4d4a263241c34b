import { NulBytes } from '../framing/nul-bytes.ts';
import { PackedPart } from '../framing/packed-part.ts';
import type { Prefilter } from '../framing/prefilter.ts';
import { AuditMarks } from './audit-marks.ts';

const maxPartBytes = 2 ** 20;
const utf16 = 'UTF-16 is not read: write it as UTF-8';

/** Looks at every byte of an input once, before it is cut into records, of which most are skipped. */
export class ChunkSurvey {
  private readonly marks = new AuditMarks();
  private readonly nulBytes = new NulBytes();
  private readonly packedPart = new PackedPart();
  private readonly prefilter: Prefilter;

  constructor(prefilter: Prefilter) {
    this.prefilter = prefilter;
  }

  /** The chunk in parts of a limited size, since the places of all candidates in one are kept. */
  *parts(chunk: Buffer): Generator<Buffer> {
    this.marks.search(chunk);
    for (let from = 0; from < chunk.length; from += maxPartBytes) {
      const part = chunk.subarray(from, from + maxPartBytes);
      const { hasNul, packed } = this.prefilter.survey(part);
      const text = this.nulBytes.replace(part, hasNul);
      this.packedPart.add(part, text === part ? packed : this.prefilter.survey(text).packed);
      yield text;
    }
  }

  /** Something of an audit event is in the bytes. */
  get looksLikeAudit(): boolean {
    return this.marks.found;
  }

  /** What is in the input that no record could be read of. */
  unread(): { readonly reason: string; readonly offset: number }[] {
    const { utf16At } = this.nulBytes;
    const packed = this.packedPart.found;
    return [
      ...(packed ? [{ reason: `${packed.kind} behind text is not read`, offset: packed.offset }] : []),
      ...(utf16At === undefined ? [] : [{ reason: utf16, offset: utf16At }]),
    ];
  }
}
