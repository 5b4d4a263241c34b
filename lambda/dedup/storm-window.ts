import { type Severity, severities } from '../findings/finding.ts';
import type { Gravity } from '../findings/gravity.ts';

/**
 * A storm is what one rule reports about one actor of a cluster, or about any actor of the cluster, again and again. Its
 * first alert opens a window on the channel. Events in the window that are not worse are rolled up, and at its end one
 * summary reports them and the next window begins. A window without such events is the end of the storm.
 */
export interface StormWindow {
  readonly endsMs: number;
  /** Of the alerts that were sent in this storm. */
  readonly gravities: readonly Gravity[];
  /** Actors that had an alert of their own, in the window of a rule and cluster. */
  readonly alerts: number;
  /** Events that the next summary reports. */
  readonly rolledUp: RolledUp | undefined;
}

/** What the alerts of a storm have in common. */
export interface StormScope {
  /** Identifies the storm in names: `incidentId` of its alerts if it has one actor. */
  readonly id: string;
  readonly rule: { readonly id: string; readonly name: string };
  readonly cluster: string | null;
  /** Absent if the storm has many actors. */
  readonly actor?: { readonly name: string | null; readonly as?: string };
  /** Present if the events are uses of issued certificates; with the SHA-256 fingerprint if they are of one. */
  readonly uses?: { readonly certificate?: string };
}

export interface RolledUp {
  readonly count: number;
  /** As the log has them; absent if no event has a time. */
  readonly firstTime?: string;
  readonly lastTime?: string;
  readonly worst: Severity;
  /** The event that arrived last. */
  readonly lastFindingId: string;
  readonly lastActor: string | null;
}

/** The content of a summary: what was rolled up in one window. */
export interface Summary extends RolledUp {
  readonly scope: StormScope;
}

/** The windows in the table. Every call may reject. */
export interface WindowTable {
  /** `undefined` if there is none, or if it has ended quietly. */
  read(key: string): Promise<StormWindow | undefined>;
  /** @returns whether it was opened: false if another invocation has done so */
  open(key: string, scope: StormScope, gravities: readonly Gravity[]): Promise<boolean>;
  /**
   * Adds an alert about to be sent.
   * @param exclusive - only if no other invocation has added it
   * @returns false if another invocation has added an exclusive alert, or if the window was replaced
   */
  addAlert(
    key: string,
    window: StormWindow,
    gravities: readonly Gravity[],
    exclusive: boolean,
  ): Promise<boolean>;
  /** Takes back what was added for an alert that could not be sent, so that the next attempt sends it. */
  removeAlert(key: string, gravities: readonly Gravity[]): Promise<void>;
  /** @returns false if the window was replaced */
  rollUp(key: string, window: StormWindow, events: RolledUp): Promise<boolean>;
  /** The keys of windows that have ended and owe a summary. */
  due(nowMs: number): Promise<string[]>;
  /** Claims the summary of a window that has ended, and begins the next window. `undefined` if there is nothing to send. */
  takeSummary(key: string, nowMs: number): Promise<Summary | undefined>;
  /** The summary was sent. */
  finishSummary(key: string): Promise<void>;
  /** The summary was not sent: it is due again at once. */
  returnSummary(key: string, nowMs: number): Promise<void>;
}

export function mergedEvents(a: RolledUp, b: RolledUp): RolledUp {
  const times = [a.firstTime, a.lastTime, b.firstTime, b.lastTime]
    .flatMap((time) => time ?? [])
    .sort(byInstant);
  const [first, last] = [times[0], times.at(-1)];
  return {
    ...a,
    ...b,
    count: a.count + b.count,
    ...(first === undefined ? {} : { firstTime: first }),
    ...(last === undefined ? {} : { lastTime: last }),
    worst: severities.indexOf(a.worst) > severities.indexOf(b.worst) ? a.worst : b.worst,
  };
}

/** Times of the API server are RFC 3339; a time that is not is last. */
function byInstant(a: string, b: string): number {
  return (Date.parse(a) || Number.MAX_SAFE_INTEGER) - (Date.parse(b) || Number.MAX_SAFE_INTEGER);
}
