import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { isObject, stringAt } from '../../lambda/json/read-json.ts';
import { type CsrIdentity, csrIdentity } from './csr-identity.ts';

/** An event of a CSR, packed as JSON. */
interface KeptEvent {
  readonly identity: CsrIdentity;
  readonly json: Buffer;
  readonly record: Omit<AuditRecord, 'event'>;
  /** Rules that match it, but whose findings the scan's filters leave out. */
  readonly ruleIds: readonly string[];
}

export interface CsrEvent {
  readonly identity: CsrIdentity;
  readonly record: AuditRecord;
  readonly ruleIds: readonly string[];
}

export interface CsrEvents {
  add(record: AuditRecord, ruleIds: readonly string[]): void;
  /** The events that belong to a story. */
  ofStories(): Iterable<CsrEvent>;
  /** Events that were not kept. */
  readonly dropped: number;
}

const defaultMaxBytes = 64 * 2 ** 20;

/**
 * Keeps the events of CSRs that have no finding, since a later event may have one. In a log with many CSRs the oldest
 * events without a story are dropped first.
 * @param hasStory - whether a finding on this CSR is known by now
 */
export function createCsrEvents(
  hasStory: (identity: CsrIdentity) => boolean,
  maxBytes = defaultMaxBytes,
): CsrEvents {
  // waiting[first] is the oldest event that may still be dropped
  let waiting: KeptEvent[] = [];
  let first = 0;
  let needed: KeptEvent[] = [];
  let bytes = 0;
  let dropped = 0;
  const dropOldest = () => {
    const oldest = waiting[first];
    if (oldest === undefined) return;
    first += 1;
    if (hasStory(oldest.identity)) needed.push(oldest);
    else {
      bytes -= oldest.json.length;
      dropped += 1;
    }
    if (first > 10_000) {
      waiting = waiting.slice(first);
      first = 0;
    }
  };
  return {
    get dropped() {
      return dropped;
    },
    add(record, ruleIds) {
      const { event, ...rest } = record;
      const identity = csrIdentity(record);
      // lists and watches are of no CSR in particular
      const isOfOne = identity.name !== undefined || stringAt(event, 'verb') === 'create';
      if (!isOfOne) return;
      const json = jsonOf(event);
      if (json === undefined || bytes + json.length > 2 * maxBytes) {
        dropped += 1;
        return;
      }
      waiting.push({ identity, json, record: rest, ruleIds });
      bytes += json.length;
      while (bytes > maxBytes && first < waiting.length - 1) dropOldest();
    },
    *ofStories() {
      for (const { identity, json, record, ruleIds } of [...needed, ...waiting.slice(first)]) {
        const event: unknown = hasStory(identity) ? JSON.parse(json.toString()) : undefined;
        if (isObject(event)) yield { identity, record: { ...record, event }, ruleIds };
      }
      waiting = [];
      needed = [];
      first = 0;
      bytes = 0;
    },
  };
}

/** `undefined` if it is nested too deeply: JSON.parse reads deeper nesting than JSON.stringify writes. */
function jsonOf(event: object): Buffer | undefined {
  try {
    return Buffer.from(JSON.stringify(event));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
