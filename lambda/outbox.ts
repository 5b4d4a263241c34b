import type { PublishReport } from './alerts/publishing/publish-findings.ts';
import type { Finding } from './findings/finding.ts';
import type { Log } from './log.ts';
import { listedFindings, type ShortFinding, shortFinding } from './object-result.ts';

export type Publish = (findings: readonly Finding[]) => Promise<PublishReport>;

/** Findings that wait to be published together: a bound on memory for inputs with many. */
const maxWaiting = 500;
/** How long a finding waits for others of the same burst, so that they become one alert. */
const maxWaitMs = 2_000;

/** The findings of one delivery on their way to the channels, and what became of them. */
export class Outbox {
  findings = 0;
  published = 0;
  alreadySent = 0;
  /** Alerts that another invocation is sending. */
  leasedElsewhere = 0;
  dedupFailures = 0;
  readonly dedupReasons = new Set<string>();
  readonly failures: string[] = [];
  /** The first of the findings. */
  readonly found: ShortFinding[] = [];
  private waiting: Finding[] = [];
  private waitingSinceMs = 0;
  private readonly publish: Publish | undefined;
  private readonly now: () => number;

  private readonly log: Log;

  /** @param publish - absent if findings are only reported */
  constructor(publish: Publish | undefined, now: () => number, log: Log) {
    this.publish = publish;
    this.log = log;
    this.now = now;
  }

  async add(found: readonly Finding[]): Promise<void> {
    this.findings += found.length;
    this.found.push(...found.slice(0, listedFindings - this.found.length).map(shortFinding));
    if (this.publish === undefined) {
      const { logFinding } = await import('./finding-log.ts');
      for (const finding of found) logFinding(this.log, finding, 'not published');
      return;
    }
    if (this.waiting.length === 0) this.waitingSinceMs = this.now();
    this.waiting.push(...found);
    await this.flushIfDue();
  }

  /** Publishes what has waited long enough, so that an input that never ends does not hold back what was found in it. */
  async flushIfDue(): Promise<void> {
    if (this.waiting.length === 0) return;
    const isDue = this.waiting.length >= maxWaiting || this.now() - this.waitingSinceMs >= maxWaitMs;
    if (isDue) await this.flush();
  }

  async flush(): Promise<void> {
    const batch = this.waiting;
    this.waiting = [];
    if (batch.length === 0 || this.publish === undefined) return;
    const report = await this.publish(batch);
    this.published += report.published;
    this.alreadySent += report.alreadySent;
    this.leasedElsewhere += report.leasedElsewhere;
    this.dedupFailures += report.dedupFailures.length;
    for (const reason of report.dedupFailures) this.dedupReasons.add(reason);
    // loaded lazily: most invocations have no finding
    const { logFinding } = await import('./finding-log.ts');
    for (const finding of batch) logFinding(this.log, finding, report.results.get(finding.id) ?? []);
    this.failures.push(
      ...report.failures.map(({ topicArn, reason }) => `publishing to ${topicArn}: ${reason}`),
    );
  }
}
