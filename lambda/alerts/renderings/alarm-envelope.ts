import { asciiStyle, isOneWord, nameText, plainTextStyle } from '../../text/quoted-text.ts';
import { visibleAscii } from '../../text/visible-text.ts';
import type { RenderContext } from '../alert.ts';
import { type Message, maxSubjectCharacters } from '../message.ts';

/** CloudWatch's own limits of an alarm's name, description and reason, in characters. */
const limits = { name: 255, description: 1_024, reason: 1_023 };
const maxPartCharacters = 70;

interface Alarm {
  readonly name: string;
  /** Of the lines of the description and the reason, those that fit are kept. */
  readonly description: readonly string[];
  readonly reason: readonly string[];
  readonly cluster: string | null;
  /** @default - several, or unknown */
  readonly account?: string | undefined;
  readonly ruleId: string;
  readonly severity: string;
}

/** The message of an alarm of that name that has just changed to ALARM. */
export function alarmEnvelope(alarm: Alarm, { account, region, nowMs }: RenderContext): Message {
  const { name } = alarm;
  // the form of CloudWatch: 2026-11-23T21:55:48.569+0000
  const time = new Date(nowMs).toISOString().replace('Z', '+0000');
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  const message = {
    AlarmName: name,
    AlarmDescription: joined(alarm.description, limits.description),
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: time,
    NewStateValue: 'ALARM',
    NewStateReason: joined(alarm.reason, limits.reason),
    StateChangeTime: time,
    // CloudWatch writes "EU (Frankfurt)"; the code, as in the ARN, needs no table
    Region: region,
    AlarmArn: `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name}`,
    OldStateValue: 'OK',
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: 'Findings',
      Namespace: 'csrwatch',
      StatisticType: 'Statistic',
      Statistic: 'SUM',
      Unit: null,
      Dimensions: [
        { name: 'Cluster', value: nameText(alarm.cluster || 'unnamed', 250, plainTextStyle) },
        ...accountDimensions(alarm.account),
        { name: 'Rule', value: nameText(alarm.ruleId, 250, plainTextStyle) },
        { name: 'Severity', value: alarm.severity },
      ],
      Period: 60,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1,
      TreatMissingData: 'notBreaching',
      EvaluateLowSampleCountPercentile: '',
    },
  };
  return { subject: subjectOf(name, region), body: JSON.stringify(message) };
}

/** The account of the event. `AWSAccountId` is that of the topic. */
function accountDimensions(account: string | undefined): { name: string; value: string }[] {
  return account ? [{ name: 'Account', value: nameText(account, 250, plainTextStyle) }] : [];
}

/** As many whole lines as fit. */
function joined(lines: readonly string[], maxCharacters: number): string {
  let text = '';
  for (const line of lines) {
    const next = text === '' ? line : `${text}\n${line}`;
    if (next.length > maxCharacters - 2) return text === '' ? line.slice(0, maxCharacters) : `${text}\n…`;
    text = next;
  }
  return text;
}

/** What belongs together in an on-call tool. */
interface Incident {
  readonly grade: string;
  readonly cluster: string | null;
  readonly actor: string | null;
  /** The user that the actor impersonated. @default - no one */
  readonly as?: string | null | undefined;
  /** Two certificates may have one user. */
  readonly isUse?: boolean;
  readonly ruleId: string;
  /** Differs from that of every other incident. */
  readonly id: string;
}

/**
 * `csrwatch high prod: mallory: RULE-ID`. A part that is not one word is quoted, and a name that does not show its parts in
 * full ends with a digest, so that different incidents never share a name.
 */
export function alarmName({ grade, cluster, actor, as, isUse, ruleId, id }: Incident): string {
  const start = `csrwatch ${grade}`;
  const parts = [cluster ?? '', actor ?? '', ruleId];
  const name = `${start} ${parts.join(': ')}`;
  if (!as && !isUse && parts.every(isOneWord) && name.length <= limits.name) return name;
  const shown = (part: string, unnamed: string) =>
    part === '' ? unnamed : nameText(part, maxPartCharacters, asciiStyle(maxPartCharacters));
  const [where, user, which] = [
    shown(cluster ?? '', 'unnamed cluster'),
    shown(actor ?? '', 'unidentified user'),
    shown(ruleId, ''),
  ];
  return `${start} ${where}: ${user}${as ? ` as ${shown(as, '')}` : ''}: ${which} (${id})`;
}

/** `ALARM: "…" in eu-central-1`. CloudWatch, too, cuts a long name in it. */
function subjectOf(name: string, region: string): string {
  const [start, end] = ['ALARM: "', `" in ${visibleAscii(region, 20)}`];
  const room = maxSubjectCharacters - start.length - end.length;
  const shown = name.replaceAll('"', "'");
  return `${start}${shown.length <= room ? shown : `${shown.slice(0, room - 3)}...`}${end}`;
}
