import type { NextCandidate } from './candidates.ts';

const lf = 0x0a;
const cr = 0x0d;

/** A line that has to be looked at. */
export interface Line {
  /** Bytes from the start of the unpacked text. */
  readonly offset: number;
  readonly bytes: Buffer;
  /** False for the last line of an input where no LF ended it. */
  readonly ended: boolean;
}

export type LineEvent =
  | { readonly kind: 'line'; readonly line: Line }
  | { readonly kind: 'too-long'; readonly offset: number; readonly bytes: number }
  | { readonly kind: 'passed-over'; readonly bytes: number };

export interface LineOptions {
  readonly nextCandidate: NextCandidate;
  /** A longer line is given up; the next one is read again. */
  readonly maxRecordBytes: number;
  /** Gives every line until it says otherwise. */
  readonly wantsEvery: () => boolean;
}

/**
 * Cuts chunks into lines and gives those that hold a candidate. Only LF ends a line: kube-apiserver
 * writes U+0085 and U+2028 as they are. The last line is always given when no LF ends it.
 */
export async function* candidateLines(
  chunks: AsyncIterable<Buffer>,
  options: LineOptions,
): AsyncGenerator<LineEvent> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let offset = 0;
  let skipping = 0;
  for await (const chunk of chunks) {
    let from = 0;
    const end = chunk.lastIndexOf(lf) + 1;
    if (end > 0 && pendingBytes + skipping > 0) {
      // the line that began in chunks before
      from = chunk.indexOf(lf) + 1;
      const bytes = Buffer.concat([...pending, chunk.subarray(0, from)]);
      const length = skipping + bytes.length;
      if (length > options.maxRecordBytes) yield { kind: 'too-long', offset, bytes: length };
      else yield* candidatesIn(bytes, offset, options);
      offset += length;
      pending = [];
      pendingBytes = 0;
      skipping = 0;
    }
    if (end > from) {
      yield* candidatesIn(chunk.subarray(from, end), offset, options);
      offset += end - from;
      from = end;
    }
    if (from < chunk.length) {
      pending.push(chunk.subarray(from));
      pendingBytes += chunk.length - from;
      if (pendingBytes > options.maxRecordBytes) {
        skipping += pendingBytes;
        pending = [];
        pendingBytes = 0;
      }
    }
  }
  if (skipping > 0) yield { kind: 'too-long', offset, bytes: skipping + pendingBytes };
  else if (pendingBytes > 0) {
    yield { kind: 'line', line: { offset, bytes: Buffer.concat(pending), ended: false } };
  }
}

function* candidatesIn(bytes: Buffer, offset: number, options: LineOptions): Generator<LineEvent> {
  let from = 0;
  let passed = 0;
  while (from < bytes.length) {
    const hit = options.wantsEvery() ? from : options.nextCandidate(bytes, from);
    if (hit < 0) break;
    const lineStart = hit === from ? from : bytes.lastIndexOf(lf, hit - 1) + 1;
    const end = bytes.indexOf(lf, hit) + 1 || bytes.length;
    passed += lineStart - from;
    const line = bytes.subarray(lineStart, trimEnd(bytes, lineStart, end));
    if (line.length > 0)
      yield { kind: 'line', line: { offset: offset + lineStart, bytes: line, ended: true } };
    from = end;
  }
  passed += bytes.length - from;
  if (passed > 0) yield { kind: 'passed-over', bytes: passed };
}

function trimEnd(bytes: Buffer, from: number, to: number): number {
  while (to > from && (bytes[to - 1] === lf || bytes[to - 1] === cr)) to -= 1;
  return to;
}
