import { setTimeout as sleep } from 'node:timers/promises';
import { stringAt } from '../json/read-json.ts';
import { canaryEvent } from './canary-event.ts';

/** A way into csrwatch: a log group or a bucket. */
export interface CanarySource {
  /** For people. */
  readonly name: string;
  /** Sends one audit event, a line of JSON, as its producer would. */
  send(event: string): Promise<void>;
}

/**
 * Where the canaries' pages arrive: takes the wanted ones that are there, and waits a little where nothing is. The
 * others are left for whoever runs another canary.
 */
export type ReceiveAlerts = (isWanted: (page: string) => boolean) => Promise<readonly string[]>;

export type CanaryResult = { readonly road: string } & (
  | { readonly ok: true; readonly seconds: number }
  | { readonly ok: false; readonly reason: string }
);

export interface CanaryOptions {
  /** Makes this run's events known from another's. */
  readonly id: string;
  readonly timeoutMs: number;
  /** Between looks that found nothing. */
  readonly pauseMs: number;
}

/**
 * Sends an event down each road and waits for its page.
 * @returns a result a road, in their order; a road that can't be sent to fails alone
 */
export async function runCanary(
  roads: readonly CanarySource[],
  receive: ReceiveAlerts,
  { id, timeoutMs, pauseMs }: CanaryOptions,
): Promise<CanaryResult[]> {
  const started = Date.now();
  const results = new Map<string, CanaryResult>();
  const waiting = new Map<string, string>();
  for (const [index, road] of roads.entries()) {
    const auditId = `csrwatch-canary-${id}-${index + 1}`;
    try {
      await road.send(canaryEvent(auditId, new Date().toISOString()));
      waiting.set(auditId, road.name);
    } catch (error) {
      results.set(road.name, { road: road.name, ok: false, reason: `it could not be sent: ${error}` });
    }
  }
  while (waiting.size > 0 && Date.now() - started < timeoutMs) {
    const pages = await receive((page) => waiting.has(auditIdOf(page)));
    for (const auditId of pages.map(auditIdOf)) {
      const road = waiting.get(auditId);
      if (road === undefined || !waiting.delete(auditId)) continue;
      results.set(road, { road, ok: true, seconds: (Date.now() - started) / 1_000 });
    }
    if (pages.length === 0 && waiting.size > 0) await sleep(pauseMs);
  }
  const reason = `no page came within ${Math.round(timeoutMs / 1_000)} s`;
  for (const road of waiting.values()) results.set(road, { road, ok: false, reason });
  return roads.flatMap(({ name }) => results.get(name) ?? []);
}

/** A page is a finding as JSON; a burst of canaries is still one finding a page on that channel. */
function auditIdOf(page: string): string {
  try {
    return stringAt(JSON.parse(page), 'event', 'auditID') ?? '';
  } catch {
    return '';
  }
}
