import { createHash } from 'node:crypto';
import type { AuditRecord } from '../audit/audit-record.ts';
import { requestKey } from '../findings/request-key.ts';

/** With more keys, the oldest are dropped: the stages of one request are near each other in a log. */
const keptKeys = 1_000_000;

/** Counts a request once, however many stages and copies of its events there are. */
export class RequestCounter {
  private recent = new Set<string>();
  private older = new Set<string>();
  private readonly maxKeys: number;

  constructor(maxKeys = keptKeys) {
    this.maxKeys = maxKeys;
  }

  /** Whether the request of this event is new. */
  isNew(record: AuditRecord): boolean {
    const key = createHash('sha256').update(requestKey(record)).digest('base64').slice(0, 16);
    if (this.recent.has(key) || this.older.has(key)) return false;
    if (this.recent.size >= this.maxKeys) {
      this.older = this.recent;
      this.recent = new Set();
    }
    this.recent.add(key);
    return true;
  }
}
