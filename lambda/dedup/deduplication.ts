import { callsWithinBudget, type TimeBudget } from './time-budget.ts';

/** What a claim of an alert found: it is now the caller's, was already sent, or is leased to another invocation. */
type ClaimKind = 'claimed' | 'sent' | 'leased';

/** Records which alert was sent on which channel. The text `alert` identifies both. Every call may reject. */
export interface DedupTable {
  claim(alert: string): Promise<ClaimKind>;
  markSent(alert: string): Promise<void>;
  /** Gives up the caller's own claim, so that another attempt can start before the lease expires. */
  release(alert: string): Promise<void>;
}

export type Claim =
  | { readonly kind: ClaimKind }
  /** The table did not answer: the alert is sent without deduplication. */
  | { readonly kind: 'unknown'; readonly reason: string };

export type Recorded = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** The table as publishing uses it: no call rejects. */
export interface Deduplication {
  claim(alert: string): Promise<Claim>;
  markSent(alert: string): Promise<Recorded>;
  release(alert: string): Promise<Recorded>;
}

/**
 * The deduplication of one invocation. It fails open, and waits for a failing table only once: after the first failure,
 * or when slow answers have used up the time budget, the table is not called again. Alerts that are sent without the
 * table are remembered here, so that a duplicate in the same invocation is not sent.
 * @param open - called when the first alert needs the table; if absent, alerts are remembered in this invocation only
 */
export function invocationDedup(budget: TimeBudget, open?: () => Promise<DedupTable>): Deduplication {
  let opened: Promise<DedupTable> | undefined;
  const table =
    open &&
    (() => {
      opened ??= open();
      return opened;
    });
  const withoutTable = new Map<string, 'unsent' | 'sent'>();
  const claiming = callsWithinBudget(budget);
  // a budget of its own: alerts claimed before the table failed have one more chance to be marked
  const recording = callsWithinBudget(budget);
  return {
    async claim(alert) {
      if (withoutTable.get(alert) === 'sent') return { kind: 'sent' };
      const answer = table ? await claiming(async () => (await table()).claim(alert)) : undefined;
      if (answer?.ok) return { kind: answer.value };
      withoutTable.set(alert, 'unsent');
      return answer ? { kind: 'unknown', reason: answer.reason } : { kind: 'claimed' };
    },
    async markSent(alert) {
      const answer =
        table && !withoutTable.has(alert)
          ? await recording(async () => (await table()).markSent(alert))
          : undefined;
      if (answer?.ok) return { ok: true };
      withoutTable.set(alert, 'sent');
      return answer ?? { ok: true };
    },
    async release(alert) {
      if (table === undefined || withoutTable.delete(alert)) return { ok: true };
      const answer = await recording(async () => (await table()).release(alert));
      return answer.ok ? { ok: true } : answer;
    },
  };
}
