import type { Severity } from '../findings/finding.ts';

export const renderings = ['json', 'text', 'chat', 'alarm'] as const;
/**
 * `json`: one finding per message, for programs. `text`: e-mail and SMS. `chat`: Slack and Teams through Amazon Q
 * Developer in chat applications. `alarm`: on-call tools that accept CloudWatch alarms from SNS.
 */
export type Rendering = (typeof renderings)[number];

/** An SNS topic with a rendering. Findings below `minSeverity` are not sent to it. */
export interface Channel {
  readonly rendering: Rendering;
  readonly topicArn: string;
  readonly minSeverity: Severity;
}
