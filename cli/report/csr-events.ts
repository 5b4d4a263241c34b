import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { isObject, stringAt } from '../../lambda/json/read-json.ts';
import { type CsrIdentity, csrIdentity } from './csr-identity.ts';
import { shownIfAny } from './shown-text.ts';

/** An event of a CSR, packed as JSON. */
interface KeptEvent {
  readonly identity: CsrIdentity;
  readonly json: Buffer;
  readonly record: Omit<AuditRecord, 'event'>;
  /** Rules that match the event, but whose findings the scan's filters exclude. */
  readonly ruleIds: readonly string[];
}

export interface CsrEvent {
  readonly identity: CsrIdentity;
  readonly record: AuditRecord;
  readonly ruleIds: readonly string[];
}

export interface CsrEvents {
  add(record: AuditRecord, ruleIds: readonly string[]): void;
  /** Removes and returns the events that belong to a story. */
  ofStories(): Iterable<CsrEvent>;
  /** Whether an event of this CSR was not kept. */
  lacks(csr: Omit<CsrIdentity, 'request'>): boolean;
  /** Whether the events of too many CSRs were dropped for `lacks` to know all of these CSRs. */
  readonly lacksUnknown: boolean;
}

const defaultMaxBytes = 64 * 2 ** 20;
/** CSRs whose events were dropped, by name and by uid. */
const maxDroppedKeys = 200_000;

/**
 * Keeps the events of CSRs that have no finding, since a later event may have one. In a log with many CSRs the oldest
 * events without a story are dropped first.
 * @param hasStory - whether a finding on this CSR is known by now
 * @param only - the name or the uid of the only CSR whose events are kept; absent: all CSRs
 */
export function createCsrEvents(
  hasStory: (identity: CsrIdentity) => boolean,
  only?: string,
  maxBytes = defaultMaxBytes,
): CsrEvents {
  const wanted = shownIfAny(only, 300);
  // waiting[first] is the oldest event that may still be dropped
  let waiting: KeptEvent[] = [];
  let first = 0;
  let needed: KeptEvent[] = [];
  let bytes = 0;
  const droppedKeys = new Set<string>();
  const drop = (identity: CsrIdentity) => {
    for (const key of keysOf(identity)) if (droppedKeys.size < maxDroppedKeys) droppedKeys.add(key);
  };
  const dropOldest = () => {
    const oldest = waiting[first];
    if (oldest === undefined) return;
    first += 1;
    if (hasStory(oldest.identity)) needed.push(oldest);
    else {
      bytes -= oldest.json.length;
      drop(oldest.identity);
    }
    if (first > 10_000) {
      waiting = waiting.slice(first);
      first = 0;
    }
  };
  return {
    get lacksUnknown() {
      return droppedKeys.size >= maxDroppedKeys;
    },
    add(record, ruleIds) {
      const { event, ...rest } = record;
      const identity = csrIdentity(record);
      // lists and watches are of no CSR in particular
      const isOfOne = identity.name !== undefined || stringAt(event, 'verb') === 'create';
      if (!isOfOne || (wanted !== undefined && isOfAnother(identity, wanted))) return;
      const json = jsonOf(event);
      if (json === undefined || bytes + json.length > 2 * maxBytes) {
        drop(identity);
        return;
      }
      waiting.push({ identity, json, record: rest, ruleIds });
      bytes += json.length;
      while (bytes > maxBytes && first < waiting.length - 1) dropOldest();
    },
    lacks: (csr) => keysOf(csr).some((key) => droppedKeys.has(key)),
    *ofStories() {
      const all = [...needed, ...waiting.slice(first)];
      // a later finding may still need the others
      waiting = all.filter(({ identity }) => !hasStory(identity));
      needed = [];
      first = 0;
      bytes = waiting.reduce((sum, { json }) => sum + json.length, 0);
      for (const { identity, json, record, ruleIds } of all) {
        const event: unknown = hasStory(identity) ? JSON.parse(json.toString()) : undefined;
        if (isObject(event)) yield { identity, record: { ...record, event }, ruleIds };
      }
    },
  };
}

/** The creation of a CSR may be logged without its name. */
function isOfAnother({ name, uid }: CsrIdentity, wanted: string): boolean {
  return name !== undefined && name !== wanted && uid !== wanted;
}

function keysOf({ cluster, name, uid }: Omit<CsrIdentity, 'request'>): string[] {
  return [name, uid].flatMap((key) => (key === undefined ? [] : [JSON.stringify([cluster, key])]));
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
