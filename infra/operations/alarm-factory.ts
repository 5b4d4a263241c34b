import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** What an alarm hangs on and what it says. */
export interface Watch {
  readonly metric: IMetric;
  /** The paragraph of docs/runbook.md that says what to do. */
  readonly anchor: string;
  /** What it means, in a sentence without a full stop. */
  readonly meaning: string;
  /** @default - an alarm from this value on */
  readonly threshold?: number;
  /** The alarm goes off below the threshold, and where there is no data at all. @default false */
  readonly silence?: boolean;
  /** How many periods in a row. @default 1 */
  readonly periods?: number;
  /**
   * It is a state, whose end is told too. What has happened, such as a record that could not be read, is not undone by five
   * quiet minutes: an OK would close the incident that nobody has looked at. @default false
   */
  readonly lasts?: boolean;
}

/** CloudWatch keeps a point every five minutes of most of AWS's own metrics. */
export const alarmPeriod = Duration.minutes(5);

/** Where alarms report to, and where their descriptions send the reader. */
export class AlarmFactory extends Construct {
  /** Alarms in the order in which they were made. */
  readonly created: Alarm[] = [];
  private readonly topic: ITopic;
  private readonly runbook: string;

  /** @param runbook - a URL or a path, without an anchor */
  constructor(scope: Construct, id: string, topic: ITopic, runbook: string) {
    super(scope, id);
    this.topic = topic;
    this.runbook = runbook;
  }

  /** `What to do: …#anchor` */
  whatToDo(anchor: string): string {
    return `What to do: ${this.runbook}#${anchor}`;
  }

  add(id: string, watch: Watch): void {
    const { metric, anchor, meaning, threshold = 1, silence = false, periods = 1, lasts = false } = watch;
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: silence
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: silence ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      alarmDescription: `csrwatch: ${meaning}. ${this.whatToDo(anchor)}`,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    if (lasts) alarm.addOkAction(new SnsAction(this.topic));
    this.created.push(alarm);
  }
}
