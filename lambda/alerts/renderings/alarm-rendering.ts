import { suspectOf } from '../../findings/certificate-use.ts';
import { stepsFor } from '../../response/response-steps.ts';
import { consoleLink } from '../../text/console-link.ts';
import { asciiStyle, isOneWord, nameText, plainTextStyle } from '../../text/quoted-text.ts';
import { visibleAscii } from '../../text/visible-text.ts';
import type { RenderContext } from '../alert.ts';
import { type Burst, incidentId } from '../burst.ts';
import { type Message, maxSubjectCharacters } from '../message.ts';
import { againLines, burstLines, signalLines } from '../wording/alert-lines.ts';
import { gradeText, headline } from '../wording/headline.ts';

/** CloudWatch's own limits of an alarm's name, description and reason, in characters. */
const limits = { name: 255, description: 1_024, reason: 1_023 };
const maxPartCharacters = 70;

/**
 * The message of a CloudWatch alarm in state ALARM, which on-call tools accept without further configuration. They group
 * incidents by the name of the alarm, so it is the same for what belongs together: severity, rule, cluster and actor. A
 * worse finding is another incident, which an acknowledged lesser one does not hide. PagerDuty requires that the subject begins with the state in the message.
 */
export function alarmMessage(burst: Burst, context: RenderContext): Message {
  const { leading: finding } = burst.lead;
  const { cluster, rule, severity } = finding;
  const { origin } = finding.place;
  return alarmEnvelope(
    {
      name: alarmName({
        grade: gradeText(finding),
        cluster,
        actor: suspectOf(finding),
        as: finding.actor.impersonated?.name,
        isUse: finding.issuance !== undefined,
        ruleId: rule.id,
        id: incidentId(finding),
      }),
      description: descriptionOf(burst),
      reason: [headline(finding, plainTextStyle), ...againLines(burst), ...burstLines(burst, plainTextStyle)],
      cluster,
      account: origin.kind === 'file' ? undefined : origin.account,
      ruleId: rule.id,
      severity,
    },
    context,
  );
}

interface Alarm {
  readonly name: string;
  readonly description: string;
  /** Lines, of which those that fit are kept. */
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
    AlarmDescription: alarm.description,
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

/** The most important facts and steps; the e-mail has all of them. */
function descriptionOf({ lead }: Burst): string {
  const { leading, others } = lead;
  const steps = stepsFor(leading, others).flatMap(({ say, commands = [] }, index) => [
    `${index + 1}. ${say}`,
    ...commands,
  ]);
  const link = consoleLink(leading.place);
  const where = link !== undefined && link.length <= 500 ? [link] : [];
  return joined(
    [headline(leading, plainTextStyle), ...signalLines(leading, plainTextStyle), ...where, ...steps],
    limits.description,
  );
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
