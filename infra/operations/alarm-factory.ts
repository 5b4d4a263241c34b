import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** The condition and the text of an alarm. */
export interface AlarmDefinition {
  readonly metric: IMetric;
  /** The section of docs/runbook.md with the response. */
  readonly anchor: string;
  /** The meaning in one sentence, without a period. */
  readonly meaning: string;
  /** The alarm goes off at this value and above. @default 1 */
  readonly threshold?: number;
  /** The alarm goes off below the threshold, and if there is no data. @default false */
  readonly alarmIfBelow?: boolean;
  /** How many periods in a row. @default 1 */
  readonly periods?: number;
  /**
   * The alarm is a state, and its end is reported too. An occurrence, such as a rejected record, has no end: an OK message
   * after five quiet minutes would close an incident that has not been investigated. @default false
   */
  readonly notifyOk?: boolean;
}

/** Most of AWS's own metrics have one data point every five minutes. */
export const alarmPeriod = Duration.minutes(5);

/** Creates alarms that publish to one topic and refer to one runbook. */
export class AlarmFactory extends Construct {
  /** In the order of their creation. */
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

  add(id: string, definition: AlarmDefinition): void {
    const {
      metric,
      anchor,
      meaning,
      threshold = 1,
      alarmIfBelow = false,
      periods = 1,
      notifyOk = false,
    } = definition;
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: alarmIfBelow
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: alarmIfBelow ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      alarmDescription: `csrwatch: ${meaning}. ${this.whatToDo(anchor)}`,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    if (notifyOk) alarm.addOkAction(new SnsAction(this.topic));
    this.created.push(alarm);
  }
}
