import type { NextCandidate } from './prefilter.ts';

/** What has to be read of a text. All that is between two frames is skipped: it holds no candidate. */
export type Frame =
  /** A candidate. */
  | {
      readonly kind: 'record';
      readonly offset: number;
      readonly bytes: Buffer;
      /**
       * `line`: it may hold a text, several documents, or a malformed one; the last one may be cut off. `document`: one
       * JSON document. `item`: one that was found between others, such as an item of a list of records. `salvaged`: one
       * that follows something malformed, of which it may be a part.
       */
      readonly framing: 'line' | 'last-line' | 'document' | 'item' | 'salvaged';
    }
  /** A record that is not JSON; `bytes` go from its beginning to where another one begins, up to a limit. */
  | { readonly kind: 'malformed'; readonly offset: number; readonly bytes: Buffer; readonly reason: string }
  /** A candidate that is too long to be parsed; `head` is its beginning. */
  | { readonly kind: 'too-long'; readonly offset: number; readonly bytes: number; readonly head: Buffer };

/** Enough of a record to see what it was: all that an API server writes before the bodies, and more. */
export const headBytes = 2 ** 20;

export interface FrameOptions {
  readonly nextCandidate: NextCandidate;
  /** A longer record is not parsed. */
  readonly maxRecordBytes: number;
}
