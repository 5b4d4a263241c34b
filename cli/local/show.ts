import { render } from '../../lambda/channels/render.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import type { Received } from './subscriber.ts';

/** Prints one page as each subscriber receives it, and the subjects of the others. */
export function printPages(
  pages: readonly Received[],
  findings: readonly Received[],
  say: (text: string) => void,
): void {
  const [first] = pages;
  const [finding] = findings;
  if (first === undefined || finding === undefined) {
    say('Nothing was found: nobody is paged.\n');
    return;
  }
  const texts = JSON.parse(first.Message) as { email: string; sms: string };
  say(`── The first page, as e-mail ${'─'.repeat(60)}`);
  say(`Subject: ${first.Subject}\n\n${texts.email}\n`);
  say(`── The same as SMS ${'─'.repeat(70)}`);
  say(`${texts.sms}\n`);
  say(`── The same as a chat channel would show it ${'─'.repeat(45)}`);
  say(`${chatText(findings)}\n`);
  say(`── The same as a queue receives it ${'─'.repeat(54)}`);
  const { event: _, ...rest } = JSON.parse(finding.Message) as Record<string, unknown>;
  const rule = (rest['rule'] ?? {}) as Record<string, unknown>;
  const { runbook: __, description: ___, threat: ____, references: _____, ...shortRule } = rule;
  say(`${JSON.stringify({ ...rest, rule: shortRule, event: '… the audit event itself …' }, null, 2)}\n`);
  say(`── All ${pages.length} pages ${'─'.repeat(74)}`);
  for (const page of pages) say(`  ${page.Subject}`);
  say('');
}

/** The quick start has no chat channel, so the page is made of what the queue received. */
function chatText(received: readonly Received[]): string {
  const findings = received.map(({ Message: text }) => JSON.parse(text) as Finding);
  const [page] = render('chat', findings, { account: '', region: '', nowMs: Date.now() });
  const { content } = JSON.parse(page?.message.body ?? '{}') as {
    content?: Record<string, string | string[]>;
  };
  const { title = '', description = '', nextSteps = [] } = content ?? {};
  return [title, description, ...nextSteps.slice(0, 2), '…'].join('\n');
}
