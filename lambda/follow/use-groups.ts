import type { AuditRecord } from '../audit/audit-record.ts';
import type { Uses } from '../findings/finding.ts';
import { requestKey } from '../findings/request-key.ts';
import { stringAt, stringsAt } from '../json/read-json.ts';
import { compare, sortableTime } from '../text/sortable-time.ts';
import type { FollowedCertificate } from './followed-certificate.ts';
import { UsedActions } from './used-actions.ts';

/** The uses of a certificate from one source address with one user agent. */
export interface UseGroup {
  readonly followed: FollowedCertificate;
  /** The last stage of the first request: it has the response. */
  readonly first: AuditRecord;
  readonly uses: Uses;
}

interface OpenGroup {
  readonly followed: FollowedCertificate;
  first: AuditRecord;
  count: number;
  firstTime: string | undefined;
  lastTime: string | undefined;
  readonly actions: UsedActions;
}

/** A client chooses its user agent, so there may be any number of groups: `isFull` bounds those in memory. */
const maxGroups = 10_000;
const maxCharacters = 64 * 2 ** 20;

/** Collects the uses of certificates. If a log has very many groups, some of them are taken in more than one part. */
export class UseGroups {
  private groups = new Map<string, OpenGroup>();
  /** The approximate size of the events that are kept. */
  private characters = 0;

  get isFull(): boolean {
    return this.groups.size >= maxGroups || this.characters >= maxCharacters;
  }

  /** @param isNewRequest - false for another stage of a request that was added */
  add(record: AuditRecord, followed: FollowedCertificate, isNewRequest: boolean): void {
    const { event, cluster } = record;
    const key = JSON.stringify([
      cluster,
      followed.certificate.sha256,
      stringsAt(event, 'sourceIPs'),
      stringAt(event, 'userAgent'),
    ]);
    const started = startOf(record);
    const ended = stringAt(event, 'stageTimestamp') ?? started;
    const group = this.groups.get(key);
    if (group === undefined) {
      const count = isNewRequest ? 1 : 0;
      this.characters += sizeOf(record);
      const actions = new UsedActions();
      actions.add(event, isNewRequest);
      this.groups.set(key, { followed, first: record, count, firstTime: started, lastTime: ended, actions });
      return;
    }
    if (isNewRequest) group.count += 1;
    group.actions.add(event, isNewRequest);
    if (isBefore(started, group.firstTime) || isLaterStage(record, group.first))
      this.replaceFirst(group, record);
    if (isBefore(started, group.firstTime)) group.firstTime = started;
    if (isBefore(group.lastTime, ended)) group.lastTime = ended;
  }

  private replaceFirst(group: OpenGroup, record: AuditRecord): void {
    this.characters += sizeOf(record) - sizeOf(group.first);
    group.first = record;
  }

  /** Removes and returns the groups, in the order of the log. */
  take(): UseGroup[] {
    const taken = [...this.groups.values()];
    this.groups = new Map();
    this.characters = 0;
    // a later stage of a request that was counted with another group
    return taken
      .filter(({ count }) => count > 0)
      .map(({ followed, first, count, firstTime, lastTime, actions }) => ({
        followed,
        first,
        uses: {
          count,
          ...(firstTime === undefined ? {} : { first: firstTime }),
          ...(lastTime === undefined ? {} : { last: lastTime }),
          actions: actions.list(),
          ...(followed.firstUse === undefined ? {} : { firstOfAll: followed.firstUse }),
        },
      }));
  }
}

function startOf({ event }: AuditRecord): string | undefined {
  return stringAt(event, 'requestReceivedTimestamp') ?? stringAt(event, 'stageTimestamp');
}

function isBefore(a: string | undefined, b: string | undefined): boolean {
  return compare(sortableTime(a), sortableTime(b)) < 0;
}

function isLaterStage(record: AuditRecord, first: AuditRecord): boolean {
  const ended = (one: AuditRecord) => stringAt(one.event, 'stageTimestamp');
  return requestKey(record) === requestKey(first) && isBefore(ended(first), ended(record));
}

function sizeOf({ event }: AuditRecord): number {
  try {
    return JSON.stringify(event).length;
  } catch (error) {
    // nested too deeply to be written
    if (error instanceof RangeError) return 2 ** 20;
    throw error;
  }
}
