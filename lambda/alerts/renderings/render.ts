import type { Finding } from '../../findings/finding.ts';
import { alarmMessage } from './alarm-rendering.ts';
import type { Rendering } from '../channel.ts';
import { chatMessage } from './chat-rendering.ts';
import { jsonMessage } from './json-rendering.ts';
import type { Message } from '../message.ts';
import { type Page, pageKey, type RenderContext } from '../alert.ts';
import { type Burst, burstsOf } from '../wording/event-story.ts';
import { textMessage } from './text-rendering.ts';

/** The pages that a channel gets for some findings. */
export function render(rendering: Rendering, findings: readonly Finding[], context: RenderContext): Page[] {
  switch (rendering) {
    case 'json':
      return findings.map((finding) => ({
        keys: [pageKey(rendering, finding)],
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
    keys: burst.events.map(({ leading }) => pageKey(rendering, leading)),
    message: message(burst),
  }));
}
