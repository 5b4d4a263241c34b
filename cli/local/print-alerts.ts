import { type Finding, severities } from '../../lambda/findings/finding.ts';
import type { Received } from './subscriber.ts';

type Print = (text: string) => void;

const columns = 90;

/** Prints the subjects of all alerts, the last of the most severe ones, and the most severe finding, as their subscribers receive them. */
export function printAlerts(alerts: readonly Received[], findings: readonly Received[], print: Print): void {
  const [first, ...others] = alerts;
  if (first === undefined) {
    print('No findings, so no alerts.\n');
    return;
  }
  print(heading(alerts.length === 1 ? 'The alert' : `The subjects of all ${alerts.length} alerts`));
  for (const { Subject: subject = '' } of alerts) print(`  ${subject}`);
  const shown = others.reduce(moreSevereAlert, first);
  const { email, sms }: { email: string; sms: string } = JSON.parse(shown.Message);
  print(`\n${heading('The last of the most severe alerts as an e-mail')}`);
  print(`Subject: ${shown.Subject}\n\n${email}\n`);
  print(heading('The same as an SMS'));
  print(`${sms}\n`);
  const [finding, ...otherFindings] = findings.map(({ Message: text }): Finding => JSON.parse(text));
  if (finding === undefined) return;
  print(heading('The most severe finding for programs, shortened (in full, and for chat: docs/alerts.md)'));
  print(`${JSON.stringify(shortened(otherFindings.reduce(moreSevereFinding, finding)), null, 2)}\n`);
}

function heading(title: string): string {
  return `── ${title} ${'─'.repeat(Math.max(2, columns - title.length))}`;
}

/** A subject begins with the severity in brackets. */
function moreSevereAlert(a: Received, b: Received): Received {
  const rank = ({ Subject: subject = '' }: Received) =>
    severities.findIndex((severity) => subject.startsWith(`[${severity}]`));
  return rank(b) >= rank(a) ? b : a;
}

function moreSevereFinding(a: Finding, b: Finding): Finding {
  const rank = ({ severity, signals }: Finding) => severities.indexOf(severity) * 1_000 + signals.length;
  return rank(b) > rank(a) ? b : a;
}

/** Enough to show the structure. */
function shortened(finding: Finding): object {
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
