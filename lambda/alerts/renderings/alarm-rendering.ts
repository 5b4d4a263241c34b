import type { Finding } from '../../findings/finding.ts';
import { stepsFor } from '../../response/response-steps.ts';
import { consoleLink } from '../../text/console-link.ts';
import { asciiStyle, isOneWord, nameText, plainTextStyle } from '../../text/quoted-text.ts';
import { visibleAscii } from '../../text/visible-text.ts';
import type { RenderContext } from '../alert.ts';
import { type Burst, incidentId } from '../burst.ts';
import { type Message, maxSubjectCharacters } from '../message.ts';
import { burstLines, signalLines } from '../wording/alert-lines.ts';
import { gradeText, headline } from '../wording/headline.ts';

/** CloudWatch's own limits of an alarm's name, description and reason, in characters. */
const limits = { name: 255, description: 1_024, reason: 1_023 };
const maxPartCharacters = 70;

/**
 * The message of a CloudWatch alarm in state ALARM, which on-call tools accept without further configuration. They group
 * incidents by the name of the alarm, so it is the same for what belongs together: severity, rule, cluster and actor. A
 * worse finding is another incident, which an acknowledged lesser one does not hide. PagerDuty requires that the subject begins with the state in the message.
 */
export function alarmMessage(burst: Burst, { account, region, nowMs }: RenderContext): Message {
  const { leading: finding } = burst.lead;
  const name = alarmName(finding);
  // the form of CloudWatch: 2026-11-23T21:55:48.569+0000
  const time = new Date(nowMs).toISOString().replace('Z', '+0000');
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  const message = {
    AlarmName: name,
    AlarmDescription: descriptionOf(burst),
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: time,
    NewStateValue: 'ALARM',
    NewStateReason: joined(
      [headline(finding, plainTextStyle), ...burstLines(burst, plainTextStyle)],
      limits.reason,
    ),
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
        { name: 'Cluster', value: nameText(finding.cluster || 'unnamed', 250, plainTextStyle) },
        ...accountDimensions(finding),
        { name: 'Rule', value: nameText(finding.rule.id, 250, plainTextStyle) },
        { name: 'Severity', value: finding.severity },
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

/** The account that the event is from, which `AWSAccountId` is not: that is the topic's. */
function accountDimensions({ place: { origin } }: Finding): { name: string; value: string }[] {
  if (origin.kind === 'file' || origin.account === undefined) return [];
  return [{ name: 'Account', value: nameText(origin.account, 250, plainTextStyle) }];
}

/**
 * `csrwatch high prod: mallory: RULE-ID`. A part that is not one word is quoted, and a name that does not show its parts in
 * full ends with a digest, so that different incidents never share a name.
 */
function alarmName(finding: Finding): string {
  const { cluster, actor, rule } = finding;
  const start = `csrwatch ${gradeText(finding)}`;
  const parts = [cluster ?? '', actor.name ?? '', rule.id];
  const name = `${start} ${parts.join(': ')}`;
  const as = actor.impersonated?.name;
  if (!as && parts.every(isOneWord) && name.length <= limits.name) return name;
  const shown = (part: string, unnamed: string) =>
    part === '' ? unnamed : nameText(part, maxPartCharacters, asciiStyle(maxPartCharacters));
  const [where, user, which] = [
    shown(cluster ?? '', 'unnamed cluster'),
    shown(actor.name ?? '', 'unidentified user'),
    shown(rule.id, ''),
  ];
  return `${start} ${where}: ${user}${as ? ` as ${shown(as, '')}` : ''}: ${which} (${incidentId(finding)})`;
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
