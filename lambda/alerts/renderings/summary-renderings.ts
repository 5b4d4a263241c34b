import type { Summary } from '../../dedup/storm-window.ts';
import { asciiStyle, nameText, plainTextStyle } from '../../text/quoted-text.ts';
import { visibleAscii } from '../../text/visible-text.ts';
import { topicContext } from '../alert.ts';
import type { Rendering } from '../channel.ts';
import { type Message, maxSubjectCharacters } from '../message.ts';
import { countText, summaryHeadline, summaryLines } from '../wording/summary-text.ts';
import { alarmEnvelope, alarmName } from './alarm-envelope.ts';
import { chatStyle } from './chat-style.ts';

const maxSmsBytes = 140;

interface SummaryContext {
  readonly topicArn: string;
  readonly nowMs: number;
  readonly windowMs: number;
}

/** The summary of a window in the rendering of its channel. The json channel has no windows. */
export function summaryMessage(rendering: Rendering, summary: Summary, context: SummaryContext): Message {
  switch (rendering) {
    case 'json':
    case 'text':
      return textSummary(summary, context);
    case 'chat':
      return chatSummary(summary, context);
    case 'alarm':
      return alarmSummary(summary, context);
  }
}

function textSummary(summary: Summary, { windowMs }: SummaryContext): Message {
  const email = [
    summaryHeadline(summary, plainTextStyle),
    '',
    ...summaryLines(summary, windowMs, plainTextStyle),
  ].join('\n');
  const sms = oneLine(`csrwatch ${summary.worst.toUpperCase()}`, summary, maxSmsBytes).replace(
    /[`[\]{}\\^~|]/g,
    "'",
  );
  return {
    subject: oneLine(`[${summary.worst}]`, summary, maxSubjectCharacters),
    body: JSON.stringify({ default: email, email, sms }),
    perProtocol: true,
  };
}

/** `… prod: 37 more events by "mallory"` in ASCII. */
function oneLine(start: string, summary: Summary, maxCharacters: number): string {
  const { scope } = summary;
  const cluster = scope.cluster ? nameText(scope.cluster, 20, asciiStyle(20)) : 'unnamed cluster';
  const head = `${start} ${cluster}: ${countText(summary)} by `;
  const room = maxCharacters - head.length;
  if (!scope.actor) return `${head}${scope.uses ? 'other clients' : 'other users'}`;
  return `${head}${scope.actor.name ? asciiStyle(room - 2).quote(scope.actor.name) : visibleAscii('an unidentified user', room)}`;
}

function chatSummary(summary: Summary, { windowMs }: SummaryContext): Message {
  const { worst, scope, lastFindingId } = summary;
  const notification = {
    version: '1.0',
    source: 'custom',
    id: lastFindingId,
    content: {
      textType: 'client-markdown',
      title: `${worst.toUpperCase()}: ${countText(summary)} of a rule that alerted before`,
      description: [
        summaryHeadline(summary, chatStyle),
        '',
        ...summaryLines(summary, windowMs, chatStyle),
      ].join('\n'),
      keywords: [worst, 'summary'],
    },
    metadata: {
      threadId: `csrwatch-${scope.id}`,
      summary: `csrwatch: ${countText(summary)}, ${worst}`,
      eventType: 'csrwatch-summary',
      additionalContext: { lastFindingId, severity: worst },
    },
  };
  return { body: JSON.stringify(notification) };
}

/** It has the name of the first alert, so that an on-call tool adds it to the same incident. */
function alarmSummary(summary: Summary, { topicArn, nowMs, windowMs }: SummaryContext): Message {
  const { worst, scope } = summary;
  return alarmEnvelope(
    {
      name: alarmName({
        grade: worst,
        cluster: scope.cluster,
        actor: scope.actor ? scope.actor.name : 'several users',
        as: scope.actor?.as,
        isUse: scope.uses !== undefined,
        ruleId: scope.rule.id,
        id: scope.id,
      }),
      description: summaryLines(summary, windowMs, plainTextStyle),
      reason: [summaryHeadline(summary, plainTextStyle)],
      cluster: scope.cluster,
      ruleId: scope.rule.id,
      severity: worst,
    },
    topicContext(topicArn, nowMs),
  );
}
