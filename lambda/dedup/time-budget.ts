import { namedMessageOf } from '../message-of.ts';

/** How long an invocation may wait for the table. */
export interface TimeBudget {
  /** The total for claims, and again for marks and releases. */
  readonly waitMs: number;
  /** Since the epoch. */
  readonly now: () => number;
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

/**
 * Stops calling after the first failure or once the time budget is spent; from then on that failure is returned
 * immediately. Time during which several calls wait counts once.
 */
export function callsWithinBudget({
  waitMs,
  now,
}: TimeBudget): <T>(call: () => Promise<T>) => Promise<Answer<T>> {
  let failure: { readonly ok: false; readonly reason: string } | undefined;
  let pending = 0;
  let sinceMs = 0;
  let waitedMs = 0;
  return async (call) => {
    if (pending === 0) sinceMs = now();
    if (waitedMs + now() - sinceMs > waitMs) {
      failure ??= { ok: false, reason: `the table is slow: it has taken ${waitMs} ms of this invocation` };
    }
    if (failure) return failure;
    pending += 1;
    try {
      return { ok: true, value: await call() };
    } catch (error) {
      const reason = namedMessageOf(error);
      failure ??= { ok: false, reason };
      return failure;
    } finally {
      pending -= 1;
      if (pending === 0) waitedMs += now() - sinceMs;
    }
  };
}
