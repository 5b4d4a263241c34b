import type { SentBefore } from '../../dedup/deduplication.ts';
import type { Finding } from '../../findings/finding.ts';
import { findingTextWithin } from '../../findings/finding-json.ts';
import { withSteps } from '../../response/with-steps.ts';
import { visible } from '../../text/visible-text.ts';
import type { Message } from '../message.ts';

/** SNS accepts 256 KiB including the attributes; the rest is for them and for the frame of the batch. */
const maxMessageBytes = 240 * 1_024;

/** One finding per message, with five attributes: a filter policy may have five keys. */
export function jsonMessage(finding: Finding, before?: SentBefore): Message {
  return {
    body: findingTextWithin({ ...withSteps(finding), ...again(before) }, maxMessageBytes),
    attributes: {
      rule: attribute(finding.rule.id),
      severity: finding.severity,
      phase: finding.phase,
      outcome: finding.outcome,
      ...(finding.cluster ? { cluster: attribute(finding.cluster) } : {}),
    },
  };
}

/** What the channel was sent earlier under the same id. */
function again(before: SentBefore | undefined): Pick<Finding, 'sentBefore'> {
  if (!before) return {};
  return { sentBefore: { at: new Date(before.sentAtMs).toISOString(), as: before.gravities } };
}

/** SNS rejects a batch entry if an attribute has control characters. */
function attribute(text: string): string {
  return visible(text, 256);
}
