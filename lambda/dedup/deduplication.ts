import { type Gravity, isCovered } from '../findings/gravity.ts';
import { type Admission, type AlertRequest, admitAlerts, rollUpKnown } from './admit-alerts.ts';
import type { WindowTable } from './storm-window.ts';
import { callsWithinBudget, type TimeBudget } from './time-budget.ts';

/** What a channel was sent about the same alert. */
export interface SentBefore {
  readonly sentAtMs: number;
  readonly gravities: readonly Gravity[];
}

/** What a claim of an alert found. */
export type TableClaim =
  /**
   * The claim is the caller's.
   * `takenOver`: the lease of another invocation expired. That invocation may have sent the alert, but did not mark it.
   * `before`: the alert was sent, and is now worse.
   */
  | { readonly kind: 'claimed'; readonly takenOver: boolean; readonly before?: SentBefore }
  /** The alert was sent, and is not worse now. */
  | { readonly kind: 'sent'; readonly sentAtMs: number }
  /** Another invocation is sending it. */
  | { readonly kind: 'leased' };

/** Records which alert was sent on which channel, and how bad it was. The text `alert` identifies alert and channel. Every call may reject. */
export interface DedupTable {
  claim(alert: string, gravity: Gravity): Promise<TableClaim>;
  markSent(alert: string, gravity: Gravity): Promise<void>;
  /** Gives up the caller's own claim, so that another attempt can start before the lease expires. */
  release(alert: string): Promise<void>;
}

export type Claim =
  | TableClaim
  /** The table did not answer: the alert is sent without deduplication. */
  | { readonly kind: 'unknown'; readonly reason: string };

export type Recorded = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** The table as publishing uses it: no call rejects. */
export interface Deduplication {
  claim(alert: string, gravity: Gravity): Promise<Claim>;
  markSent(alert: string, gravity: Gravity): Promise<Recorded>;
  release(alert: string): Promise<Recorded>;
  /** For alerts of one rule, cluster and channel, the most serious first; in their order. */
  admit(requests: readonly AlertRequest[]): Promise<Admission[]>;
  /** Rolls up events about which the channel was alerted before, or lets them be sent. */
  rollUp(request: AlertRequest): Promise<Admission>;
  /** Withdraws an admitted alert that could not be sent, so that the next attempt sends it. */
  withdraw(request: AlertRequest, windows: readonly string[]): Promise<Recorded>;
}

/**
 * The deduplication of one invocation. It fails open, and waits for a failing table only once: after the first failure,
 * or when slow answers have used up the time budget, the table is not called again. Alerts that are sent without the
 * table are remembered here, so that a duplicate in the same invocation is not sent.
 * @param open - called when the first alert needs the table; if absent, alerts are remembered in this invocation only
 */
export function invocationDedup(
  budget: TimeBudget,
  open?: () => Promise<{ readonly alerts: DedupTable; readonly windows: WindowTable }>,
): Deduplication {
  let opened: ReturnType<NonNullable<typeof open>> | undefined;
  const table =
    open &&
    (() => {
      opened ??= open();
      return opened;
    });
  const withoutTable = new Map<string, SentBefore | 'unsent'>();
  const claiming = callsWithinBudget(budget);
  // a budget of its own: alerts claimed before the table failed have one more chance to be marked
  const recording = callsWithinBudget(budget);
  return {
    async claim(alert, gravity) {
      const known = withoutTable.get(alert);
      const before = known === 'unsent' ? undefined : known;
      if (before && isCovered(gravity, before.gravities)) return { kind: 'sent', sentAtMs: before.sentAtMs };
      const answer =
        table && !known
          ? await claiming(async () => (await table()).alerts.claim(alert, gravity))
          : undefined;
      if (answer?.ok) return answer.value;
      withoutTable.set(alert, before ?? 'unsent');
      if (answer) return { kind: 'unknown', reason: answer.reason };
      return { kind: 'claimed', takenOver: false, ...(before ? { before } : {}) };
    },
    async markSent(alert, gravity) {
      const known = withoutTable.get(alert);
      const answer =
        table && !known
          ? await recording(async () => (await table()).alerts.markSent(alert, gravity))
          : undefined;
      if (answer?.ok) return { ok: true };
      const gravities = known === undefined || known === 'unsent' ? [] : known.gravities;
      withoutTable.set(alert, { sentAtMs: budget.now(), gravities: [...gravities, gravity] });
      return answer ?? { ok: true };
    },
    async release(alert) {
      const known = withoutTable.get(alert);
      if (known === 'unsent') withoutTable.delete(alert);
      if (table === undefined || known) return { ok: true };
      const answer = await recording(async () => (await table()).alerts.release(alert));
      return answer.ok ? { ok: true } : answer;
    },
    async admit(requests) {
      const answer = table && (await claiming(async () => admitAlerts((await table()).windows, requests)));
      return answer?.ok ? answer.value : requests.map(() => ({ kind: 'send', windows: [] }));
    },
    async rollUp(request) {
      const answer = table && (await claiming(async () => rollUpKnown((await table()).windows, request)));
      return answer?.ok ? answer.value : { kind: 'send', windows: [] };
    },
    async withdraw({ gravities }, windows) {
      if (table === undefined || windows.length === 0) return { ok: true };
      const answer = await recording(async () => {
        for (const key of windows) await (await table()).windows.removeAlert(key, gravities);
      });
      return answer.ok ? { ok: true } : answer;
    },
  };
}
