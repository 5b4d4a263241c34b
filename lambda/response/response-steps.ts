import { isEksAttempt } from '../findings/certificate-use.ts';
import { isCsr } from '../findings/csr-resource.ts';
import type { Finding } from '../findings/finding.ts';
import { isCanary } from '../findings/is-canary.ts';
import { stringAt } from '../json/read-json.ts';
import { backfillSteps } from './backfill-step.ts';
import { bindingSteps } from './binding-step.ts';
import { certificateSteps } from './certificate-steps.ts';
import { followUpSteps } from './follow-up-steps.ts';
import { filled, isSafeName, unfilled } from './placeholders.ts';
import { runbookSteps } from './rule-steps.ts';
import { actionsOf, actionsOnRequests, scanCommand } from './searches.ts';
import { type Step, searchStep } from './step.ts';

/**
 * What to do, in order: how to stop the request, depending on its phase, outcome and cluster; the steps of the rules that
 * matched; and how to follow up.
 * @param others - findings of other rules for the same event
 */
export function stepsFor(finding: Finding, others: readonly Finding[] = []): Step[] {
  if (isCanary(finding)) return [tested];
  const known = [finding, ...others].flatMap(({ rule }) => runbookSteps(rule));
  const steps = [...stop(finding), ...known, ...followUpSteps(finding)];
  const commands = steps.flatMap((step) => step.commands ?? []);
  return [
    ...explained(steps).map((step) => filledStep(step, finding)),
    ...placeholderNote(unfilled(commands, finding)),
  ];
}

function filledStep({ say, commands }: Step, finding: Finding): Step {
  return commands ? { say, commands: commands.map((command) => filled(command, finding)) } : { say };
}

/** The first step that uses csrwatch's own search explains how to run it. */
function explained(steps: readonly Step[]): Step[] {
  const first = steps.find(({ commands = [] }) =>
    commands.some((command) => command.startsWith(scanCommand)),
  );
  const how = 'this command needs Node 22 with npm; FILE is the audit log';
  return steps.map((step) =>
    step === first ? { ...step, say: `${step.say.replace(/[.:]$/, '')} (${how}):` } : step,
  );
}

const tested: Step = {
  say: 'No action is needed: this alert is the expected result of the test. If no one expected a test, use CloudTrail to find who wrote to the log group or the bucket.',
};

function stop(finding: Finding): Step[] {
  if (finding.issuance)
    return [askRequester(finding), ...bindingSteps(finding), ...certificateSteps(finding)];
  if (finding.outcome === 'refused' || finding.outcome === 'dry-run') return [ask, nothingStored];
  if (!isCsr(finding)) return [ask, ...lookAtObject(finding)];
  switch (finding.phase) {
    case 'requested':
    case 'modified':
      return [ask, lookForCertificate(finding), deny];
    case 'approved':
      return isEksAttempt(finding) ? [ask, removeAttempt] : [ask, ...afterApproval(finding)];
    case 'decided':
      return [ask, whichDecision, ...afterApproval(finding)];
    case 'issued':
      return [ask, keepRequest, ...backfillSteps(finding), ...certificateSteps(finding)];
    case 'denied':
      return [askDenier, followRequester(finding)];
    case 'deleted':
      return [ask, findWhatWasDeleted(finding)];
  }
}

const ask: Step = {
  say: 'Ask the owner of the account, through a channel other than that account, whether this was intended. If it was, no further action is needed.',
};

function askRequester({ issuance }: Finding): Step {
  const request = issuance?.requester
    ? 'Ask the requester of the certificate ("Requested by"), through a channel other than that account,'
    : 'Find out who requested the certificate, and ask that person, through a channel other than the account,';
  return {
    say: `${request} whether this use is intended. If it is, write an exception for its subject or its signer.`,
  };
}

const nothingStored: Step = {
  say: 'There is no certificate to revoke, and no request to deny. Find out why the account made the attempt, and watch for further attempts.',
};

const askDenier: Step = {
  say: 'This request was denied. Ask the user who denied it for the reason, and whether the requester is still trusted.',
};

const keepCopy = 'kubectl get csr CSR-NAME -o yaml > csr-evidence.yaml';

const deny: Step = {
  say: 'If the request was not intended, keep a copy as evidence, then deny the request before it is approved, and delete it.',
  commands: [keepCopy, 'kubectl certificate deny CSR-NAME', 'kubectl delete csr CSR-NAME'],
};

/** A pending request may have been approved between the event and the alert. */
function lookForCertificate(finding: Finding): Step {
  if (isEksAttempt(finding)) {
    return {
      say: 'EKS signs nothing for this signer, so no certificate can have been issued. The only signer that EKS provides to its users is beta.eks.amazonaws.com/app-serving, whose server certificates cannot log in.',
    };
  }
  return {
    say: 'Check the state of the request. If it is Approved, a denial has no effect: assume that the certificate has been issued (a separate alert reports that).',
    commands: ['kubectl get csr CSR-NAME'],
  };
}

const removeAttempt: Step = {
  say: 'EKS signs nothing for this signer, so there is no certificate to revoke. If the request was not intended, keep a copy as evidence and delete it.',
  commands: [keepCopy, 'kubectl delete csr CSR-NAME'],
};

const whichDecision: Step = {
  say: 'Check the decision. If it is Denied, no certificate is issued; if it is Approved, assume that the certificate has been issued.',
  commands: ["kubectl get csr CSR-NAME -o jsonpath='{.status.conditions[*].type}'"],
};

const readCertificate =
  "kubectl get csr CSR-NAME -o jsonpath='{.status.certificate}' | base64 -d | openssl x509 -noout -subject -dates -fingerprint -sha256";

function afterApproval(finding: Finding): Step[] {
  return [
    {
      say: 'A denial has no effect after the approval. If the approval was not intended, keep a copy of the request, read its certificate, then delete the request. A request that is deleted before it is signed is never signed.',
      commands: [keepCopy, readCertificate, 'kubectl delete csr CSR-NAME'],
    },
    ...certificateSteps(finding),
  ];
}

const keepRequest: Step = {
  say: 'The certificate has been issued: neither denying nor deleting the request revokes the certificate. If the issuance was not intended, keep a copy of the request: the cluster deletes it within an hour.',
  commands: [keepCopy],
};

function followRequester(finding: Finding): Step {
  return searchStep(finding, 'Find what else the requester did', actionsOf('REQUESTER-NAME'));
}

function findWhatWasDeleted(finding: Finding): Step {
  const one = finding.verb !== 'deletecollection' && isSafeName(finding.request.name);
  const say = 'The log still contains what was requested, approved and issued before the deletion';
  return searchStep(finding, say, actionsOnRequests(one));
}

function lookAtObject({ resource, phase, event }: Finding): Step[] {
  if (!isSafeName(resource) || phase === 'deleted') return [];
  const group = stringAt(event, 'objectRef', 'apiGroup');
  const kind = isSafeName(group) ? `${resource}.${group}` : resource;
  const namespace =
    stringAt(event, 'objectRef', 'namespace') === undefined ? '' : ' --namespace=OBJECT-NAMESPACE';
  return [{ say: 'Review the object:', commands: [`kubectl get ${kind} OBJECT-NAME${namespace} -o yaml`] }];
}

function placeholderNote(left: readonly string[]): Step[] {
  if (left.length === 0) return [];
  return [
    {
      say: `Replace ${left.join(' and ')} by hand, quoted: the log contains no value that is safe to paste into a shell.`,
    },
  ];
}
