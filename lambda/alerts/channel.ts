import type { Severity } from '../findings/finding.ts';

export const renderings = ['json', 'text', 'chat', 'alarm'] as const;
/**
 * `json`: a finding a message, for programs. `text`: e-mail and SMS. `chat`: Slack and Teams through Amazon Q Developer
 * in chat applications. `alarm`: pagers that take CloudWatch alarms from SNS.
 */
export type Rendering = (typeof renderings)[number];

/** An SNS topic with a rendering and a bar: findings below `minSeverity` don't go there. */
export interface Channel {
  readonly rendering: Rendering;
  readonly topicArn: string;
  readonly minSeverity: Severity;
}
