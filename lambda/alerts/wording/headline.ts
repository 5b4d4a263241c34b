import type { AuditFormat } from '../../audit/audit-record.ts';
import { suspectOf } from '../../findings/certificate-use.ts';
import { isCsr } from '../../findings/csr-resource.ts';
import type { Finding, Outcome } from '../../findings/finding.ts';
import { isCanary } from '../../findings/is-canary.ts';
import { isFromPodOutput, podOutputText } from '../../findings/pod-output.ts';
import { subjectText } from '../../findings/subject-text.ts';
import { nameText, type TextStyle } from '../../text/quoted-text.ts';
import { otherAction, otherAttempt, shortOtherAttempt } from './other-action.ts';
import { phaseWording } from './phase-wording.ts';

/** The first line of an alert: how serious, where, who did what, and with what outcome. */
export function headline(finding: Finding, style: TextStyle): string {
  const where = finding.cluster ? nameText(finding.cluster, 60, style) : 'an unnamed cluster';
  if (isCanary(finding)) {
    return `TEST in ${where}: nothing happened. csrwatch's canary event passed from the log to this alert, as expected.`;
  }
  const output = podOutputText(finding, style);
  const caveat = `${caveats[finding.format]}${output === undefined ? '' : ` ${output}`}`;
  if (finding.issuance)
    return `${finding.severity.toUpperCase()} in ${where}: ${useText(finding, style)} ${result(finding)}${caveat}`;
  return `${finding.severity.toUpperCase()} in ${where}: ${userText(finding, style)} ${action(finding, style)}. ${result(finding)}${caveat}`;
}

/** The use of an issued certificate: whose it is, and the request that was made with it. */
function useText(finding: Finding, style: TextStyle): string {
  const { issuance, certificate, uses, actor } = finding;
  const subject = certificate?.subject && subjectText(certificate.subject, 3, style.quote);
  const requester = issuance?.requester ? ` that ${style.quote(issuance.requester, 100)} requested` : '';
  const address = actor.sourceIPs.at(-1);
  const from = address === undefined ? '' : ` from ${nameText(address, 60, style)}`;
  const count = uses === undefined || uses.count === 1 ? '' : ` (${uses.count} requests so far)`;
  return `the client certificate${subject ? ` for ${subject}` : ''}${requester} is being used${from}${count}. ${userText(finding, style)} ${action(finding, style)}.`;
}

const caveats: Readonly<Record<AuditFormat, string>> = {
  json: '',
  legacy: ' The audit log may not contain this event.',
  truncated: ' The log contains only the beginning of this event.',
};

/** The severity, unless the finding is a test. */
export function gradeText(finding: Finding): Finding['severity'] | 'test' {
  return isCanary(finding) ? 'test' : finding.severity;
}

export const unidentifiedUser = 'an unidentified user';

/** The user to contain, and the identity that this user assumed. */
export function userText(finding: Finding, { quote }: TextStyle): string {
  const user = suspectOf(finding);
  const name = user ? quote(user, 160) : unidentifiedUser;
  const as = finding.actor.impersonated;
  return as ? `${name}, impersonating ${as.name ? quote(as.name, 100) : 'another user'},` : name;
}

/** What was done, or attempted if nothing was stored. */
function action(finding: Finding, style: TextStyle): string {
  const isAttempt = finding.outcome === 'refused' || finding.outcome === 'dry-run';
  if (!isCsr(finding))
    return isAttempt ? `tried to ${otherAttempt(finding, style)}` : otherAction(finding, style);
  const { past, infinitive, object } = phaseWording(finding);
  return `${isAttempt ? `tried to ${infinitive}` : past} ${object(finding, style.quote)}`;
}

function result(finding: Finding): string {
  switch (finding.outcome) {
    case 'refused':
      return `The API server refused the request${finding.responseCode === undefined ? '' : ` (${finding.responseCode})`}, so it changed nothing.`;
    case 'dry-run':
      return 'A dry run: nothing was stored. The real request may follow.';
    case 'unknown':
      return finding.responseCode === undefined || finding.responseCode < 500
        ? 'The log does not contain the outcome.'
        : `The API server answered ${finding.responseCode}, but may have executed the request: check the cluster.`;
    case 'succeeded':
      return isCsr(finding) ? phaseWording(finding).consequence(finding) : 'It succeeded.';
  }
}

const outcomeMarks: Readonly<Record<Outcome, string>> = {
  succeeded: '',
  refused: ' (refused)',
  'dry-run': ' (dry run)',
  unknown: ' (outcome unknown)',
};

/** What was done in a few words, without the user: for a subject, an SMS or a list. */
export function shortAction(finding: Finding, style: TextStyle): string {
  if (isCanary(finding)) return 'arrived: a test, nothing happened';
  if (finding.issuance)
    return `used an issued certificate to ${shortOtherAttempt(finding, style)}${outcomeMarks[finding.outcome]}`;
  const { past, shortObject } = phaseWording(finding);
  const words = isCsr(finding) ? `${past} ${shortObject(finding, style.quote)}` : otherAction(finding, style);
  const origin = isFromPodOutput(finding) ? " (from a pod's output)" : '';
  return `${words}${outcomeMarks[finding.outcome]}${origin}`;
}

const noNames = { quote: () => '"..."', plain: () => '"..."' };

/** The same where no name fits. */
export function actionWithoutNames(finding: Finding): string {
  if (finding.issuance) return `used an issued certificate${outcomeMarks[finding.outcome]}`;
  return shortAction(finding, noNames);
}
