import type { Finding } from '../../findings/finding.ts';
import { isCanary } from '../../findings/is-canary.ts';
import { stepsFor } from '../../response/response-steps.ts';
import { consoleLink } from '../../text/console-link.ts';
import { visible, visibleAscii } from '../../text/visible-text.ts';
import type { RenderContext } from '../alert.ts';
import type { Message } from '../message.ts';
import { type Burst, incidentId } from '../wording/event-story.ts';
import { headline } from '../wording/sentences.ts';
import { burstLines, signalLines } from './email-body.ts';
import { maxSubjectCharacters } from './text-rendering.ts';

/** CloudWatch's own limits of an alarm's name, description and reason, in characters. */
const limits = { name: 255, description: 1_024, reason: 1_023 };

/**
 * The message that CloudWatch sends of an alarm in state ALARM, so that pagers take it without glue. They part incidents
 * by the alarm's name, so it is the same for what belongs together: rule, cluster and actor. PagerDuty takes it only
 * where the subject begins with the state that the message says.
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
    NewStateReason: joined([headline(finding, visible), ...burstLines(burst)], limits.reason),
    StateChangeTime: time,
    // CloudWatch writes "EU (Frankfurt)": the code is what the ARN says, and needs no table to be kept
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
        { name: 'Cluster', value: visible(finding.cluster || 'unnamed', 255) },
        { name: 'Rule', value: visible(finding.rule.id, 255) },
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

/** `csrwatch prod: mallory: RULE-ID`; where it doesn't say the names as they are, a digest keeps two incidents apart. */
function alarmName(finding: Finding): string {
  const { cluster, actor, rule } = finding;
  const start = isCanary(finding) ? 'csrwatch test' : 'csrwatch';
  const parts = [cluster || 'unnamed cluster', actor.name || 'a user without a name', rule.id];
  const name = `${start} ${parts.join(': ')}`;
  const plain = parts.every((part) => /^[\x21-\x7e]+$/.test(part) && !part.includes(': '));
  if (plain && name.length <= limits.name) return name;
  const shown = parts.map((part) => visibleAscii(part, 70));
  return `${start} ${shown.join(': ')} (${incidentId(finding)})`;
}

/** `ALARM: "…" in eu-central-1`; CloudWatch too cuts a long name in it. */
function subjectOf(name: string, region: string): string {
  const [start, end] = ['ALARM: "', `" in ${visibleAscii(region, 20)}`];
  const room = maxSubjectCharacters - start.length - end.length;
  return `${start}${name.length <= room ? name : `${name.slice(0, room - 3)}...`}${end}`;
}

/** What to know and to do first; the e-mail has all of it. */
function descriptionOf({ lead }: Burst): string {
  const { leading, others } = lead;
  const steps = stepsFor(leading, others).flatMap(({ say, commands = [] }, index) => [
    `${index + 1}. ${say}`,
    ...commands,
  ]);
  const link = consoleLink(leading.place);
  const where = link !== undefined && link.length <= 500 ? [link] : [];
  return joined(
    [headline(leading, visible), ...signalLines(leading), ...where, ...steps],
    limits.description,
  );
}

/** Whole lines as long as they fit. */
function joined(lines: readonly string[], maxCharacters: number): string {
  let text = '';
  for (const line of lines) {
    const next = text === '' ? line : `${text}\n${line}`;
    if (next.length > maxCharacters - 2) return text === '' ? line.slice(0, maxCharacters) : `${text}\n…`;
    text = next;
  }
  return text;
}
