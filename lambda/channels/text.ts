import type { Finding } from '../findings/finding.ts';
import type { Message } from './message.ts';
import { placeText } from './place-text.ts';
import type { Burst } from './story.ts';
import { visible, visibleAscii } from './visible.ts';

/** SNS: under 100 characters, ASCII. */
const maxSubjectCharacters = 99;
/** One part of an SMS. */
const maxSmsBytes = 140;
/** An SNS message holds 256 KiB for all protocols together. */
const maxEmailCharacters = 30_000;

const deeds: Readonly<Record<Finding['phase'], string>> = {
  requested: 'asked for a client certificate',
  approved: 'approved a certificate request',
  denied: 'denied a certificate request',
  decided: 'approved or denied a certificate request',
  issued: 'issued a certificate',
  modified: 'changed a certificate request',
  deleted: 'deleted a certificate request',
};

const subjectDeeds: Readonly<Record<Finding['phase'], string>> = {
  requested: 'requested a certificate',
  approved: 'approved a CSR',
  denied: 'denied a CSR',
  decided: 'decided on a CSR',
  issued: 'issued a certificate',
  modified: 'changed a CSR',
  deleted: 'deleted a CSR',
};

const outcomes: Readonly<Record<Finding['outcome'], string>> = {
  succeeded: 'it succeeded',
  refused: 'an attempt: the API server refused it',
  'dry-run': 'a dry run: nothing was stored',
  unknown: 'the log does not say what came of it',
};

/** An e-mail and an SMS in one message: SNS gives each subscriber its own. */
export function textMessage(burst: Burst): Message {
  const [{ leading: finding }, ...more] = burst;
  const email = [emailText(finding), ...more.map(({ leading }) => emailText(leading))].join('\n\n');
  return {
    subject: subjectOf(finding),
    body: JSON.stringify({ default: email, email, sms: smsText(finding) }),
    perProtocol: true,
  };
}

function subjectOf(finding: Finding): string {
  const came = finding.outcome === 'succeeded' ? '' : ` (${finding.outcome})`;
  const deed = `${subjectDeeds[finding.phase]}${came}`;
  const start = `[${finding.severity}] ${visibleAscii(clusterOf(finding), 25)}: `;
  const left = maxSubjectCharacters - start.length - deed.length - 1;
  return `${start}${visibleAscii(actorName(finding), left)} ${deed}`;
}

/** The one thing that matters, in 140 bytes. */
function smsText(finding: Finding): string {
  const what = finding.outcome === 'succeeded' ? '' : ` (${finding.outcome})`;
  const name = finding.request.name === undefined ? '' : ` ${visibleAscii(finding.request.name, 30)}`;
  const actor = visibleAscii(actorName(finding), 45);
  const text = `csrwatch ${finding.severity}: ${visibleAscii(clusterOf(finding), 25)}: ${actor} ${finding.phase} CSR${name}${what}`;
  return text.slice(0, maxSmsBytes);
}

function emailText(finding: Finding): string {
  const { actor, request } = finding;
  const facts: [string, string | undefined][] = [
    ['Severity', `${finding.severity} (risk ${finding.riskScore})`],
    ['Cluster', clusterOf(finding)],
    ['Who', actorName(finding)],
    ['Groups', actor.groups.join(', ')],
    ['Impersonating', actor.impersonated?.name ?? undefined],
    ['From', actor.sourceIPs.join(', ')],
    ['With', actor.userAgent],
    ['When', finding.time],
    ['Request', request.name],
    ['Signer', request.signerName],
    ['Usages', request.usages?.join(', ')],
    ['Requested by', request.requester],
    ['Outcome', `${outcomes[finding.outcome]}${finding.responseCode ? ` (${finding.responseCode})` : ''}`],
    ['Rule', finding.rule.name],
    ['Where', placeText(finding.place)],
    ['Finding', finding.id],
  ];
  const lines = facts.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [`${`${label}:`.padEnd(14)}${visible(value)}`],
  );
  const headline = `${visible(actorName(finding))} ${deeds[finding.phase]} in ${visible(clusterOf(finding))}: ${outcomes[finding.outcome]}.`;
  const todo = [...commandsFor(finding), finding.rule.runbook?.trim() ?? ''].filter((part) => part !== '');
  const text = [headline, '', ...lines, '', 'What to do now', '', ...todo].join('\n');
  return text.slice(0, maxEmailCharacters);
}

/** Only a name that the API server can have accepted is put into a command. */
function commandsFor({ request }: Finding): string[] {
  if (request.name === undefined || !/^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/i.test(request.name)) return [];
  return [
    `  kubectl get csr ${request.name} -o yaml`,
    `  kubectl certificate deny ${request.name}`,
    `  kubectl delete csr ${request.name}`,
    '',
  ];
}

function actorName(finding: Finding): string {
  return finding.actor.name ?? 'an unnamed user';
}

function clusterOf(finding: Finding): string {
  return finding.cluster ?? 'an unknown cluster';
}
