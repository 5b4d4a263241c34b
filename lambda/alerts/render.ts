import type { Finding } from '../findings/finding.ts';
import { type Alert, alertKey, type RenderContext } from './alert.ts';
import { type Burst, burstsOf } from './burst.ts';
import type { Rendering } from './channel.ts';
import type { Message } from './message.ts';
import { alarmMessage } from './renderings/alarm-rendering.ts';
import { chatMessage } from './renderings/chat-rendering.ts';
import { jsonMessage } from './renderings/json-rendering.ts';
import { textMessage } from './renderings/text-rendering.ts';

type Renderer = (findings: readonly Finding[], context: RenderContext) => Alert[];

const renderers: Readonly<Record<Rendering, Renderer>> = {
  json: (findings, { sentBefore }) =>
    findings.map((finding) => {
      const key = alertKey('json', finding);
      return { keys: [key], message: jsonMessage(finding, sentBefore?.get(key)) };
    }),
  text: forPeople('text', textMessage),
  chat: forPeople('chat', chatMessage),
  alarm: forPeople('alarm', alarmMessage),
};

/** The alerts that a channel receives for some findings. */
export function render(rendering: Rendering, findings: readonly Finding[], context: RenderContext): Alert[] {
  return renderers[rendering](findings, context);
}

/** One alert per event, and per burst of events. */
function forPeople(
  rendering: Rendering,
  messageOf: (burst: Burst, context: RenderContext) => Message,
): Renderer {
  return (findings, context) =>
    burstsOf(findings, context.sentBefore).map((burst) => ({
      keys: burst.events.map(({ leading }) => alertKey(rendering, leading)),
      message: messageOf(burst, context),
    }));
}
