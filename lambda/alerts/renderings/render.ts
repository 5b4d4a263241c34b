import type { Finding } from '../../findings/finding.ts';
import { alertKey, type Page, type RenderContext } from '../alert.ts';
import type { Rendering } from '../channel.ts';
import type { Message } from '../message.ts';
import { type Burst, burstsOf } from '../wording/event-story.ts';
import { alarmMessage } from './alarm-rendering.ts';
import { chatMessage } from './chat-rendering.ts';
import { jsonMessage } from './json-rendering.ts';
import { textMessage } from './text-rendering.ts';

/** The pages that a channel gets for some findings. */
export function render(rendering: Rendering, findings: readonly Finding[], context: RenderContext): Page[] {
  switch (rendering) {
    case 'json':
      return findings.map((finding) => ({
        keys: [alertKey(rendering, finding)],
        message: jsonMessage(finding),
      }));
    case 'text':
      return toPeople(rendering, findings, textMessage);
    case 'chat':
      return toPeople(rendering, findings, chatMessage);
    case 'alarm':
      return toPeople(rendering, findings, (burst) => alarmMessage(burst, context));
  }
}

/** One event is one page, and a burst is one too. */
function toPeople(
  rendering: Rendering,
  findings: readonly Finding[],
  message: (burst: Burst) => Message,
): Page[] {
  return burstsOf(findings).map((burst) => ({
    keys: burst.events.map(({ leading }) => alertKey(rendering, leading)),
    message: message(burst),
  }));
}
