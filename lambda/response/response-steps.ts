import { isEksAttempt } from '../findings/certificate-use.ts';
import { isCsr } from '../findings/csr-resource.ts';
import type { Finding } from '../findings/finding.ts';
import { isCanary } from '../findings/is-canary.ts';
import { stringAt } from '../json/read-json.ts';
import { certificateSteps } from './certificate-steps.ts';
import { followUpSteps } from './follow-up-steps.ts';
import { filled, isSafeName, unfilled } from './placeholders.ts';
import { runbookSteps } from './rule-steps.ts';
import { actionsOf, actionsOnRequests, scanCommand } from './searches.ts';
import { type Step, searchStep } from './step.ts';

/**
 * What to do now, in order: what stops it, which depends on what was tried, what came of it, and where; what the rules
 * that found it know beside; and who to follow.
 * @param others - what other rules found in the same event
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

/** Where csrwatch's own search is first met, it is said how it runs. */
function explained(steps: readonly Step[]): Step[] {
  const first = steps.find(({ commands = [] }) =>
    commands.some((command) => command.startsWith(scanCommand)),
  );
  const how = 'run it in a checkout of csrwatch; FILE is the audit log';
  return steps.map((step) =>
    step === first ? { ...step, say: `${step.say.replace(/[.:]$/, '')} (${how}):` } : step,
  );
}

const tested: Step = {
  say: 'Nothing has to be done: that you read this is the result. If nobody knows of a test, look in CloudTrail for who wrote to the log group or the bucket.',
};

function stop(finding: Finding): Step[] {
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
      return [ask, keepRequest, ...certificateSteps(finding)];
    case 'denied':
      return [askDenier, followRequester(finding)];
    case 'deleted':
      return [ask, findWhatWasDeleted(finding)];
  }
}

const ask: Step = {
  say: 'Ask whoever owns the account, by another road than the account itself, whether they meant to do this. If so, you are done.',
};

const nothingStored: Step = {
  say: 'There is nothing to deny or to revoke. What matters is how the account came to try, and what it tries next.',
};

const askDenier: Step = {
  say: 'Somebody stopped this request. Ask them why, and whether the account that asked for it is still trusted.',
};

const keepCopy = 'kubectl get csr CSR-NAME -o yaml > csr-evidence.yaml';

const deny: Step = {
  say: 'If it was not meant: deny the request, which helps until it is approved. Keep a copy first: it is evidence.',
  commands: [keepCopy, 'kubectl certificate deny CSR-NAME', 'kubectl delete csr CSR-NAME'],
};

/** A pending request may have been approved between the event and the page. */
function lookForCertificate(finding: Finding): Step {
  if (isEksAttempt(finding)) {
    return {
      say: 'EKS signs nothing for this signer, so no certificate can be out. The only signer that it runs for its users is beta.eks.amazonaws.com/app-serving, whose certificates serve and cannot log in.',
    };
  }
  return {
    say: 'See how it stands. If it says Approved, its certificate is out: that has a page of its own, and denying no longer helps.',
    commands: ['kubectl get csr CSR-NAME'],
  };
}

const removeAttempt: Step = {
  say: 'EKS signs nothing for this signer, so there is no certificate to revoke. If it was not meant: keep a copy as evidence and delete the request.',
  commands: [keepCopy, 'kubectl delete csr CSR-NAME'],
};

const whichDecision: Step = {
  say: 'See which it was. If it says Denied, nothing is issued; if Approved, take it that the certificate is out.',
  commands: ["kubectl get csr CSR-NAME -o jsonpath='{.status.conditions[*].type}'"],
};

const readCertificate =
  "kubectl get csr CSR-NAME -o jsonpath='{.status.certificate}' | base64 -d | openssl x509 -noout -subject -dates -fingerprint -sha256";

function afterApproval(finding: Finding): Step[] {
  return [
    {
      say: 'Denying no longer helps. If it was not meant: keep a copy, read the certificate, then delete the request; a request deleted before it is signed is never signed.',
      commands: [keepCopy, readCertificate, 'kubectl delete csr CSR-NAME'],
    },
    ...certificateSteps(finding),
  ];
}

const keepRequest: Step = {
  say: 'The certificate is out: neither denying nor deleting takes it back. If it was not meant, keep a copy of the request (the cluster removes it within the hour).',
  commands: [keepCopy],
};

function followRequester(finding: Finding): Step {
  return searchStep(finding, 'See what else the account did that asked for it', actionsOf('REQUESTER-NAME'));
}

function findWhatWasDeleted(finding: Finding): Step {
  const one = finding.verb !== 'deletecollection' && isSafeName(finding.request.name);
  const say = 'The log still tells what was asked for, approved and issued before it was deleted';
  return searchStep(finding, say, actionsOnRequests(one));
}

function lookAtObject({ resource, phase, event }: Finding): Step[] {
  if (!isSafeName(resource) || phase === 'deleted') return [];
  const group = stringAt(event, 'objectRef', 'apiGroup');
  const kind = isSafeName(group) ? `${resource}.${group}` : resource;
  const namespace =
    stringAt(event, 'objectRef', 'namespace') === undefined ? '' : ' --namespace=OBJECT-NAMESPACE';
  return [{ say: 'Look at it:', commands: [`kubectl get ${kind} OBJECT-NAME${namespace} -o yaml`] }];
}

function placeholderNote(left: readonly string[]): Step[] {
  if (left.length === 0) return [];
  return [
    {
      say: `Type ${left.join(' and ')} in by hand, quoted: what the log says there is missing, or no name that is safe to paste into a shell.`,
    },
  ];
}
