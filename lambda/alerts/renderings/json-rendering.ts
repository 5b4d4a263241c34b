import type { Finding } from '../../findings/finding.ts';
import type { Message } from '../message.ts';
import { stepsFor } from '../response/response-steps.ts';
import type { Step } from '../response/step.ts';
import { visible } from '../wording/visible-text.ts';
import { schemaVersion, text, textWithin, truncateText } from './truncate-finding.ts';

/** SNS takes 256 KiB with the attributes; this leaves room for them and for the batch's frame. */
const maxMessageBytes = 240 * 1_024;

/** The JSON text of a finding, whatever the size; only what is nested too deep to be written is cut. */
export function findingText(finding: Finding): string {
  const told = withSteps(finding);
  return text({ schemaVersion, ...told }) ?? truncateText(told, Number.POSITIVE_INFINITY);
}

/** One finding a message, with five attributes: a filter policy may have five keys. */
export function jsonMessage(finding: Finding): Message {
  const told = withSteps(finding);
  return {
    body: textWithin({ schemaVersion, ...told }, maxMessageBytes) ?? truncateText(told, maxMessageBytes),
    attributes: {
      rule: attribute(finding.rule.id),
      severity: finding.severity,
      phase: finding.phase,
      outcome: finding.outcome,
      ...(finding.cluster ? { cluster: attribute(finding.cluster) } : {}),
    },
  };
}

/**
 * What to do now, as the pages say it: a ticket or a runner of playbooks needs it too. The finding is worth more: a fault
 * in working out the words, which the other channels report, doesn't keep it back.
 */
function withSteps(finding: Finding): Finding & { readonly steps?: readonly Step[] } {
  try {
    return { ...finding, steps: stepsFor(finding) };
  } catch {
    return finding;
  }
}

/** SNS refuses control characters in an attribute, and a whole batch entry with it. */
function attribute(text: string): string {
  return visible(text, 256);
}
