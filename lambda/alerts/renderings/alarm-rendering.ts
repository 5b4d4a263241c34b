import { suspectOf } from '../../findings/certificate-use.ts';
import { stepsFor } from '../../response/response-steps.ts';
import { consoleLink } from '../../text/console-link.ts';
import { plainTextStyle } from '../../text/quoted-text.ts';
import type { RenderContext } from '../alert.ts';
import { type Burst, incidentId } from '../burst.ts';
import type { Message } from '../message.ts';
import { againLines, burstLines, signalLines } from '../wording/alert-lines.ts';
import { gradeText, headline } from '../wording/headline.ts';
import { alarmEnvelope, alarmName } from './alarm-envelope.ts';

/**
 * The message of a CloudWatch alarm in state ALARM, which on-call tools accept without further configuration. They group
 * incidents by the name of the alarm, so it is the same for what belongs together: severity, rule, cluster and actor. A
 * worse finding is another incident, which an acknowledged lesser one does not hide. PagerDuty requires that the subject
 * begins with the state in the message.
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

/** The most important facts and steps; the e-mail has all of them. */
function descriptionOf({ lead }: Burst): string[] {
  const { leading, others } = lead;
  const steps = stepsFor(leading, others).flatMap(({ say, commands = [] }, index) => [
    `${index + 1}. ${say}`,
    ...commands,
  ]);
  const link = consoleLink(leading.place);
  const where = link !== undefined && link.length <= 500 ? [link] : [];
  return [headline(leading, plainTextStyle), ...signalLines(leading, plainTextStyle), ...where, ...steps];
}
