import { setTimeout as sleep } from 'node:timers/promises';
import { stringAt } from '../json/read-json.ts';
import { canaryEvent, canaryName, type testAlertName } from './canary-event.ts';

/** A log group or a bucket that csrwatch reads. */
export interface CanarySource {
  /** For people. */
  readonly name: string;
  /** Sends one audit event, a line of JSON, as its producer would. */
  send(event: string): Promise<void>;
}

/**
 * Receives the canaries' alerts: takes the wanted ones, and waits a little if there are none. The others stay for
 * another run.
 */
export type ReceiveAlerts = (isWanted: (alert: string) => boolean) => Promise<readonly string[]>;

export type CanaryResult = { readonly source: string } & (
  | { readonly ok: true; readonly seconds: number }
  | { readonly ok: false; readonly reason: string }
);

export interface CanaryOptions {
  /** Distinguishes this run's events from another's. */
  readonly id: string;
  readonly timeoutMs: number;
  /** Between two attempts to receive that found nothing. */
  readonly pauseMs: number;
  /** `csrwatch-test-alert` reaches every channel. @default 'csrwatch-canary' */
  readonly name?: typeof canaryName | typeof testAlertName;
}

/**
 * Sends an event through each source and waits for its alert.
 * @returns one result for each source, in their order; a source that can't be sent to does not affect the others
 */
export async function runCanary(
  sources: readonly CanarySource[],
  receive: ReceiveAlerts,
  { id, timeoutMs, pauseMs, name = canaryName }: CanaryOptions,
): Promise<CanaryResult[]> {
  const started = Date.now();
  const results = new Map<string, CanaryResult>();
  const waiting = new Map<string, string>();
  for (const [index, source] of sources.entries()) {
    const auditId = `${name}-${id}-${index + 1}`;
    try {
      await source.send(canaryEvent(auditId, new Date().toISOString(), name));
      waiting.set(auditId, source.name);
    } catch (error) {
      results.set(source.name, {
        source: source.name,
        ok: false,
        reason: `it could not be sent: ${error}`,
      });
    }
  }
  while (waiting.size > 0 && Date.now() - started < timeoutMs) {
    const alerts = await receive((alert) => waiting.has(auditIdOf(alert)));
    for (const auditId of alerts.map(auditIdOf)) {
      const source = waiting.get(auditId);
      if (source === undefined || !waiting.delete(auditId)) continue;
      results.set(source, { source, ok: true, seconds: (Date.now() - started) / 1_000 });
    }
    if (alerts.length === 0 && waiting.size > 0) await sleep(pauseMs);
  }
  const reason = `no alert arrived within ${Math.round(timeoutMs / 1_000)} s`;
  for (const source of waiting.values()) results.set(source, { source, ok: false, reason });
  return sources.flatMap(({ name }) => results.get(name) ?? []);
}

/** On the JSON channel an alert is one finding, even in a burst of canaries. */
function auditIdOf(alert: string): string {
  try {
    return stringAt(JSON.parse(alert), 'event', 'auditID') ?? '';
  } catch {
    return '';
  }
}
