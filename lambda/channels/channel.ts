import type { Severity } from '../findings/finding.ts';

export const renderings = ['json', 'text'] as const;
export type Rendering = (typeof renderings)[number];

/** An SNS topic with a rendering and a bar: findings below `lowestSeverity` don't go there. */
export interface Channel {
  readonly rendering: Rendering;
  readonly topicArn: string;
  readonly lowestSeverity: Severity;
}
