import type { Finding } from '../findings/finding.ts';
import type { Rendering } from './channel.ts';
import { jsonMessage } from './json.ts';
import type { Message } from './message.ts';
import { textMessage } from './text.ts';

/** The messages that a channel gets for some findings. */
export function render(rendering: Rendering, findings: readonly Finding[]): Message[] {
  switch (rendering) {
    case 'json':
      return findings.map(jsonMessage);
    case 'text':
      return onePageAnEvent(findings).map(textMessage);
  }
}

/** Several rules may match one event: the most severe finding speaks for it on the human channels. */
function onePageAnEvent(findings: readonly Finding[]): Finding[] {
  const pages = new Map<string, Finding>();
  for (const finding of findings) {
    const leading = pages.get(finding.eventDigest);
    if (!leading || finding.riskScore > leading.riskScore) pages.set(finding.eventDigest, finding);
  }
  return [...pages.values()];
}
