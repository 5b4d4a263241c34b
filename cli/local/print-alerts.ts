import { render } from '../../lambda/alerts/render.ts';
import { type Finding, severities } from '../../lambda/findings/finding.ts';
import type { Received } from './subscriber.ts';

type Say = (text: string) => void;

const columns = 90;
const context = { account: '', region: '', nowMs: Date.now() };

/** Prints the subjects of all alerts, and the most severe finding as each kind of subscriber receives it. */
export function printAlerts(alerts: readonly Received[], findings: readonly Received[], say: Say): void {
  const [first, ...others] = findings.map(({ Message: text }) => JSON.parse(text) as Finding);
  if (first === undefined) {
    say('No findings, so no alerts.\n');
    return;
  }
  say(heading(alerts.length === 1 ? 'The alert' : `The subjects of all ${alerts.length} alerts`));
  for (const alert of alerts) say(`  ${alert.Subject}`);
  const finding = others.reduce(moreSevere, first);
  const [text] = render('text', [finding], context);
  const { email = '', sms = '' }: Record<string, string> = JSON.parse(text?.message.body ?? '{}');
  say(`\n${heading('The most severe finding, as an e-mail')}`);
  say(`Subject: ${text?.message.subject ?? ''}\n\n${email}\n`);
  say(heading('The same finding as an SMS'));
  say(`${sms}\n`);
  say(heading('In Slack or Teams: the title and the first line; the details of the e-mail follow'));
  say(`${chatText(finding)}\n`);
  say(heading('As JSON for a queue, a function or a SIEM (schema: docs/finding.schema.json)'));
  say(`${JSON.stringify(excerpt(finding), null, 2)}\n`);
}

function heading(title: string): string {
  return `── ${title} ${'─'.repeat(Math.max(2, columns - title.length))}`;
}

/** Of two findings of the same severity, the one with more signals. */
function moreSevere(a: Finding, b: Finding): Finding {
  const difference = severities.indexOf(b.severity) - severities.indexOf(a.severity);
  return (difference || b.signals.length - a.signals.length) > 0 ? b : a;
}

/** The quick start has no chat channel, so the message is rendered here. */
function chatText(finding: Finding): string {
  const [alert] = render('chat', [finding], context);
  const { content }: { content?: Record<string, string> } = JSON.parse(alert?.message.body ?? '{}');
  const { title = '', description = '' } = content ?? {};
  return [title, description.split('\n')[0]].join('\n');
}

/** A few fields that show the shape of a finding. */
function excerpt(finding: Finding): object {
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
    steps: ['… the response steps of the e-mail …'],
    event: '… the audit event …',
  };
}
