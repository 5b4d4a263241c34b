import type { Joined, PartJoiner } from './part-joiner.ts';

/** What became of records, in their order. */
export type Queued<R> =
  /** An event whose parts were joined; `first` is the record with the first part. */
  | { readonly kind: 'whole'; readonly first: R; readonly text: string }
  /** A record by itself. */
  | { readonly kind: 'own'; readonly record: R };

export interface PartSteps<R> {
  /** @returns what joins other records to this one; `undefined` if it is not the first part of an event */
  begin(record: R): PartJoiner | undefined;
  add(joiner: PartJoiner, record: R): Joined;
  /** Keeps a record beyond its chunk. @returns what reads it again */
  keep(record: R): () => R;
}

/** So often a record may follow an event that is never completed. It bounds the time. */
const maxReplays = 4;

/**
 * Joins the parts of events among the records of an input. A record that was taken for a part of an event that is never
 * completed is treated as if that event had ended before it: it may be, or begin, an intact event.
 */
export class PartQueue<R> {
  private open: OpenEvent<R> | undefined;
  private readonly steps: PartSteps<R>;

  constructor(steps: PartSteps<R>) {
    this.steps = steps;
  }

  /** The next record may be another part. */
  get isOpen(): boolean {
    return this.open !== undefined;
  }

  add(record: R): Generator<Queued<R>> {
    return this.next(record, 0);
  }

  *end(): Generator<Queued<R>> {
    while (this.open) yield* this.giveUp(this.open);
  }

  private *next(record: R, replays: number): Generator<Queued<R>> {
    while (this.open) {
      const { first, joiner, later } = this.open;
      const joined = this.steps.add(joiner, record);
      if (joined.kind === 'open') {
        later.push(this.steps.keep(record));
        return;
      }
      if (joined.kind === 'whole') {
        this.open = undefined;
        yield { kind: 'whole', first, text: joined.text };
        return;
      }
      yield* this.giveUp(this.open);
    }
    const joiner = replays < maxReplays ? this.steps.begin(record) : undefined;
    if (joiner) this.open = { first: this.steps.keep(record)(), joiner, later: [], replays };
    else yield { kind: 'own', record };
  }

  private *giveUp({ first, later, replays }: OpenEvent<R>): Generator<Queued<R>> {
    this.open = undefined;
    yield { kind: 'own', record: first };
    for (const read of later) yield* this.next(read(), replays + 1);
  }
}

interface OpenEvent<R> {
  readonly first: R;
  readonly joiner: PartJoiner;
  /** The records that were joined to the first one. */
  readonly later: (() => R)[];
  readonly replays: number;
}
