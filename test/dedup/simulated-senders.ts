import type { Channel } from '../../lambda/alerts/channel.ts';
import type { PublishBatch } from '../../lambda/alerts/publishing/publish-batch.ts';
import { type PublishReport, publish } from '../../lambda/alerts/publishing/publish-findings.ts';
import { type DedupTable, invocationDedup } from '../../lambda/dedup/deduplication.ts';
import type { StormWindow, WindowTable } from '../../lambda/dedup/storm-window.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { type Gravity, isCovered } from '../../lambda/findings/gravity.ts';

const leaseMs = 60_000;
const redeliveryMs = 25_000;
/** The number of attempts for a batch. */
const sendAttempts = 3;

export type Fate = 'go' | 'crash' | 'send fails' | 'send fails after all' | 'table fails';

interface Attempt {
  readonly untilMs: number;
  crashed: boolean;
  running: boolean;
}

interface Step {
  readonly attempt: Attempt;
  readonly kind: 'send' | 'table';
  go(fate: Fate): void;
}

interface Delivery {
  readonly findings: readonly Finding[];
  attempt: Attempt;
  acknowledged: boolean;
}

/** Invocations that publish their inputs until these are acknowledged; one invocation takes one step at a time. */
export class World {
  /** What subscribers received, by channel. */
  readonly sent: { readonly channel: Channel; readonly body: string }[] = [];
  /** A fault occurred after which an alert may be sent twice. */
  excused = false;
  private nowMs = 1_700_000_000_000;
  private waiting: Step[] = [];
  private readonly items = new Map<string, { owner?: Attempt; sentAtMs?: number; gravities: Gravity[] }>();
  private readonly windows = new Map<string, StormWindow>();
  private readonly deliveries: Delivery[];
  private readonly channels: readonly Channel[];

  constructor(inputs: readonly (readonly Finding[])[], channels: readonly Channel[]) {
    this.channels = channels;
    this.deliveries = inputs.map((findings) => {
      const delivery = { findings, attempt: this.attempt(), acknowledged: false };
      this.start(delivery);
      return delivery;
    });
  }

  get acknowledged(): boolean {
    return this.deliveries.every(({ acknowledged }) => acknowledged);
  }

  /** Lets an invocation take its next step, or delivers its input again. */
  async step(who: number, fate: Fate): Promise<void> {
    await settled();
    const delivery = this.deliveries[who % this.deliveries.length];
    if (delivery === undefined || delivery.acknowledged) return;
    const { attempt } = delivery;
    if (!attempt.running || attempt.crashed) {
      this.nowMs += redeliveryMs;
      this.excused ||= this.deliveries.some(
        ({ attempt: { running, untilMs } }) => running && untilMs <= this.nowMs,
      );
      delivery.attempt = this.attempt();
      this.start(delivery);
    } else if (fate === 'crash') {
      attempt.crashed = true;
      this.excused = true;
      this.waiting = this.waiting.filter((step) => step.attempt !== attempt);
    } else {
      const step = this.waiting.find((candidate) => candidate.attempt === attempt);
      this.waiting = this.waiting.filter((other) => other !== step);
      step?.go(fate);
    }
    await settled();
  }

  private attempt(): Attempt {
    return { untilMs: this.nowMs + leaseMs, crashed: false, running: true };
  }

  private start(delivery: Delivery): void {
    const { attempt } = delivery;
    const dedup = invocationDedup({ waitMs: leaseMs, now: () => this.nowMs }, async () => ({
      alerts: this.table(attempt),
      windows: this.windowTable(attempt),
    }));
    void publish(delivery.findings, this.channels, {
      send: this.sender(attempt),
      dedup,
      now: () => this.nowMs,
    }).then(({ failures, leasedElsewhere }: PublishReport) => {
      attempt.running = false;
      delivery.acknowledged = failures.length + leasedElsewhere === 0;
    });
  }

  private wait<T>(
    attempt: Attempt,
    kind: Step['kind'],
    act: () => T,
    fail: (fate: Fate) => boolean,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (attempt.crashed) return;
      this.waiting.push({
        attempt,
        kind,
        go: (fate) => (fail(fate) ? reject(new Error('down')) : resolve(act())),
      });
    });
  }

  private sender(attempt: Attempt): PublishBatch {
    const refusals = new Map<string, number>();
    return (topicArn, entries) => {
      const deliver = () => {
        const channel = this.channels.find((candidate) => candidate.topicArn === topicArn);
        if (channel) for (const { message } of entries) this.sent.push({ channel, body: message.body });
        return [];
      };
      return this.wait(attempt, 'send', deliver, (fate) => {
        if (fate === 'send fails') refusals.set(topicArn, sendAttempts);
        const left = refusals.get(topicArn) ?? 0;
        refusals.set(topicArn, left - 1);
        if (left > 0) return true;
        if (fate !== 'send fails after all') return false;
        deliver();
        this.excused = true;
        return true;
      });
    };
  }

  private callOf(owner: Attempt) {
    return <T>(act: () => T): Promise<T> =>
      this.wait(owner, 'table', act, (fate) => {
        this.excused ||= fate === 'table fails';
        return fate === 'table fails';
      });
  }

  /** The behavior of lambda/dedup/dynamodb-table.ts without DynamoDB. */
  private table(owner: Attempt): DedupTable {
    const step = this.callOf(owner);
    return {
      claim: (alert, gravity) =>
        step(() => {
          const item = this.items.get(alert) ?? { gravities: [] };
          if (item.sentAtMs !== undefined && isCovered(gravity, item.gravities)) {
            return { kind: 'sent', sentAtMs: item.sentAtMs };
          }
          const isLeased = item.owner !== undefined && item.owner !== owner;
          if (isLeased && (item.owner?.untilMs ?? 0) > this.nowMs) return { kind: 'leased' };
          this.items.set(alert, { ...item, owner });
          return { kind: 'claimed', takenOver: isLeased };
        }),
      markSent: (alert, gravity) =>
        step(() => {
          const { gravities = [] } = this.items.get(alert) ?? {};
          this.items.set(alert, { sentAtMs: this.nowMs, gravities: [...gravities, gravity] });
        }),
      release: (alert) =>
        step(() => {
          const item = this.items.get(alert);
          if (item?.owner !== owner) return;
          const { owner: _, ...rest } = item;
          this.items.set(alert, rest);
        }),
    };
  }

  /** The behavior of lambda/dedup/dynamodb-windows.ts, with windows that never end. */
  private windowTable(owner: Attempt): WindowTable {
    const step = this.callOf(owner);
    const unused = () => Promise.reject(new Error('no summary is sent here'));
    return {
      read: (key) => step(() => this.windows.get(key)),
      open: (key, _, gravities) =>
        step(() => {
          if (this.windows.has(key)) return false;
          this.windows.set(key, {
            endsMs: Number.POSITIVE_INFINITY,
            gravities,
            alerts: 1,
            rolledUp: undefined,
          });
          return true;
        }),
      addAlert: (key, { endsMs }, gravities) =>
        step(() => {
          const window = this.windows.get(key);
          if (!window) return false;
          const all = [...window.gravities, ...gravities];
          this.windows.set(key, { ...window, endsMs, gravities: all, alerts: window.alerts + 1 });
          return true;
        }),
      removeAlert: (key, removed) =>
        step(() => {
          const window = this.windows.get(key);
          if (!window) return;
          const gravities = window.gravities.filter((gravity) => !isCovered(gravity, removed));
          this.windows.set(key, { ...window, gravities, alerts: window.alerts - 1 });
        }),
      rollUp: () => step(() => true),
      ...{ due: unused, takeSummary: unused, finishSummary: unused, returnSummary: unused },
    };
  }
}

/** Resolves when everything that does not wait for a step has run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
