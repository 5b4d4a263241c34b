export type DocumentEvent =
  | {
      /** `text`: a line between documents that is none. */
      readonly kind: 'document' | 'text';
      readonly offset: number;
      readonly bytes: Buffer;
      /** Where it begins in the bytes that were pushed; absent where it began before them. */
      readonly from?: number;
    }
  /** What can't be JSON any more; the bytes go up to where that was seen. */
  | { readonly kind: 'broken'; readonly offset: number; readonly bytes: Buffer; readonly reason: string }
  | { readonly kind: 'too-long'; readonly offset: number; readonly bytes: number };

export interface Pushed {
  readonly events: readonly DocumentEvent[];
  /** The end of the bytes, from a line where, after a broken document, another framing may begin. */
  readonly rest?: Buffer;
}

/** What was found in other bytes than those that were pushed. */
export function moved({ events, rest }: Pushed): Pushed {
  const apart = events.map((event): DocumentEvent => {
    if (event.kind !== 'document' && event.kind !== 'text') return event;
    const { kind, offset, bytes } = event;
    return { kind, offset, bytes };
  });
  return { events: apart, ...(rest ? { rest } : {}) };
}
