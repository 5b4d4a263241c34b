import { render } from '../../lambda/alerts/render.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import type { Received } from './subscriber.ts';

type Say = (text: string) => void;

const columns = 90;

/** Prints the subjects of all pages, and the one that says most as each subscriber receives it. */
export function printAlerts(pages: readonly Received[], findings: readonly Received[], say: Say): void {
  const [first, ...others] = pages;
  if (first === undefined) {
    say('Nothing was found: nobody is paged.\n');
    return;
  }
  say(rule(pages.length === 1 ? 'The page' : `All ${pages.length} pages, by their subjects`));
  for (const page of pages) say(`  ${page.Subject}`);
  const told = others.reduce(tellingMore, first);
  const { email, sms } = textsOf(told);
  say(`\n${rule('One of them, as an e-mail')}`);
  say(`Subject: ${told.Subject}\n\n${email}\n`);
  say(rule('The same as an SMS'));
  say(`${sms}\n`);
  const finding = findings
    .map(({ Message: text }) => JSON.parse(text) as Finding)
    .find(({ id }) => email.endsWith(`finding ${id}`) || email.includes(`finding ${id}\n`));
  if (finding === undefined) return;
  say(rule('The same in Slack or Teams: a title, a first line, and below them what the e-mail says'));
  say(`${chatText(finding)}\n`);
  say(rule('The same for programs: a queue, a function, a SIEM (in full: docs/alerts.md)'));
  say(`${JSON.stringify(inShort(finding), null, 2)}\n`);
}

function rule(title: string): string {
  return `── ${title} ${'─'.repeat(Math.max(2, columns - title.length))}`;
}

function textsOf({ Message: text }: Received): { readonly email: string; readonly sms: string } {
  return JSON.parse(text);
}

/** The graver page, of two that are as grave the one with more reasons to get up. */
function tellingMore(a: Received, b: Received): Received {
  const [x, y] = [weight(a), weight(b)];
  return y > x ? b : a;
}

function weight(page: Received): number {
  const gravest = ['[low]', '[medium]', '[high]', '[critical]'].findIndex((start) =>
    page.Subject?.startsWith(start),
  );
  const [, why = ''] = textsOf(page).email.split('WHY IT MATTERS\n');
  const reasons = why.split('\n\n')[0]?.match(/^- /gm) ?? [];
  return gravest * 1_000 + reasons.length;
}

/** The quick start has no chat channel, so the page is made of what the queue received. */
function chatText(finding: Finding): string {
  const [page] = render('chat', [finding], { account: '', region: '', nowMs: Date.now() });
  const { content } = JSON.parse(page?.message.body ?? '{}') as { content?: Record<string, string> };
  const { title = '', description = '' } = content ?? {};
  return [title, description.split('\n')[0]].join('\n');
}

/** Enough to see the shape. */
function inShort(finding: Finding): object {
  const { id, rule, severity, phase, outcome, cluster, actor, request, certificate, signals } = finding;
  return {
    id,
    rule: { id: rule.id, '…': '…' },
    ...{ severity, phase, outcome, cluster },
    actor: { name: actor.name, sourceIPs: actor.sourceIPs, '…': '…' },
    request: {
      name: request.name,
      signerName: request.signerName,
      requester: request.requester,
      subject: {
        commonName: request.subject?.commonName,
        organizations: request.subject?.organizations,
        '…': '…',
      },
      '…': '…',
    },
    ...(certificate ? { certificate: { sha256: certificate.sha256, '…': '…' } } : {}),
    signals: [...signals.slice(0, 2).map((signal) => ({ id: signal.id, '…': '…' })), '…'],
    steps: ['… what to do now, as in the e-mail …'],
    event: '… the audit event itself …',
  };
}
