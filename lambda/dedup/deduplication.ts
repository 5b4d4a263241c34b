import { callsWithinBudget, type TimeBudget } from './time-budget.ts';

/**
 * Where it is remembered which page went out on which channel. A page is a text that names both; every call may reject.
 *
 * Powertools' idempotency was looked at first: it wraps one payload a call, and throws where its table fails. Here
 * thousands of pages are claimed at once, they go out where the table fails, and what another sends is handed back.
 */
export interface DedupTable {
  /** `claimed`: it is the caller's to send. `paged`: it is out. `held`: another is sending it. */
  claim(page: string): Promise<'claimed' | 'paged' | 'held'>;
  markPaged(page: string): Promise<void>;
  /** Gives a claim of one's own back, so that it can be tried again at once. */
  release(page: string): Promise<void>;
}

export type Claim =
  | { readonly kind: 'claimed' | 'paged' | 'held' }
  /** The table didn't answer: the page goes out all the same. */
  | { readonly kind: 'unknown'; readonly reason: string };

export type Kept = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** What publishing asks; it never rejects. */
export interface Memory {
  claim(page: string): Promise<Claim>;
  markPaged(page: string): Promise<Kept>;
  release(page: string): Promise<Kept>;
}

/**
 * The memory of one invocation. It fails open, and waits for a failing table once: after the first failure, or where its
 * answers are so slow that the invocation would run out of time, the table is not asked again. What goes out without the
 * table is remembered here, so that a line that stands twice pages once.
 * @param open - asked for when the first page needs the table; absent: nothing is remembered beyond the invocation
 */
export function invocationDedup(patience: TimeBudget, open?: () => Promise<DedupTable>): Memory {
  let opened: Promise<DedupTable> | undefined;
  const table =
    open &&
    (() => {
      opened ??= open();
      return opened;
    });
  const withoutTable = new Map<string, 'unsent' | 'paged'>();
  const asking = callsWithinBudget(patience);
  // apart from asking: what was claimed before the table failed has one more chance to be marked
  const writing = callsWithinBudget(patience);
  return {
    async claim(page) {
      if (withoutTable.get(page) === 'paged') return { kind: 'paged' };
      const answer = table ? await asking(async () => (await table()).claim(page)) : undefined;
      if (answer?.ok) return { kind: answer.value };
      withoutTable.set(page, 'unsent');
      return answer ? { kind: 'unknown', reason: answer.reason } : { kind: 'claimed' };
    },
    async markPaged(page) {
      const answer =
        table && !withoutTable.has(page)
          ? await writing(async () => (await table()).markPaged(page))
          : undefined;
      if (answer?.ok) return { ok: true };
      withoutTable.set(page, 'paged');
      return answer ?? { ok: true };
    },
    async release(page) {
      if (table === undefined || withoutTable.delete(page)) return { ok: true };
      const answer = await writing(async () => (await table()).release(page));
      return answer.ok ? { ok: true } : answer;
    },
  };
}
