import type { Finding } from '../findings/finding.ts';
import {
  csrName,
  deedsOfUser,
  isSafeName,
  isSafeUser,
  laterUseOfCertificate,
  placeholders,
  scanCommand,
} from './commands.ts';
import { followSuspect, searchesFor } from './follow.ts';
import { certificateKind, isCsr, isEksAttempt, isOnEks, isSignedByCluster, subjectOf } from './prospect.ts';

/** One thing to do: a sentence of ours, and commands that can be pasted (no attacker's text but safe names). */
export interface Step {
  readonly say: string;
  readonly commands?: readonly string[];
}

/** What to do now, in order: it depends on what was tried, what came of it, and where. */
export function stepsFor(finding: Finding): Step[] {
  const steps = [...stop(finding), ...followSuspect(finding)];
  return [...steps, ...placeholderNote(steps)];
}

function stop(finding: Finding): Step[] {
  if (finding.outcome === 'refused' || finding.outcome === 'dry-run') return [ask, nothingStored];
  if (!isCsr(finding)) return otherObject(finding);
  switch (finding.phase) {
    case 'requested':
      return [ask, deny(finding), lookForCertificate(finding)];
    case 'approved':
      return isEksAttempt(finding) ? [ask, removeAttempt(finding)] : [ask, ...afterApproval(finding)];
    case 'decided':
      return [ask, whichDecision(finding), ...afterApproval(finding)];
    case 'issued':
      return [ask, ...afterIssuance(finding)];
    case 'denied':
      return [askDenier, findOtherRequests(finding)];
    case 'modified':
      return [ask, deny(finding), lookForCertificate(finding)];
    case 'deleted':
      return [ask, findWhatWasDeleted(finding), ...stillValid(finding)];
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

function deny(finding: Finding): Step {
  const name = csrName(finding);
  return {
    say: 'If not: deny the request. That helps only until it is approved. Keep a copy first: it is evidence.',
    commands: [
      `kubectl get csr ${name} -o yaml > csr-evidence.yaml`,
      `kubectl certificate deny ${name}`,
      `kubectl delete csr ${name}`,
    ],
  };
}

/** A pending request may have been approved between the event and the page. */
function lookForCertificate(finding: Finding): Step {
  if (isEksAttempt(finding)) {
    return {
      say: 'EKS signs nothing for this signer, so no certificate can be out. The only signer that it runs for its users is beta.eks.amazonaws.com/app-serving, whose certificates serve and cannot log in.',
    };
  }
  return {
    say: 'If this says Approved, the request was approved meanwhile and its certificate is out; that has a page of its own, and denying no longer helps.',
    commands: [`kubectl get csr ${csrName(finding)}`],
  };
}

function removeAttempt(finding: Finding): Step {
  const name = csrName(finding);
  return {
    say: 'EKS signs nothing for this signer, so there is no certificate to revoke. Keep a copy as evidence and remove the request.',
    commands: [`kubectl get csr ${name} -o yaml > csr-evidence.yaml`, `kubectl delete csr ${name}`],
  };
}

function whichDecision(finding: Finding): Step {
  return {
    say: 'See which it was. If it says Denied, nothing is issued; if Approved, go on:',
    commands: [`kubectl get csr ${csrName(finding)} -o jsonpath='{.status.conditions[*].type}'`],
  };
}

function afterApproval(finding: Finding): Step[] {
  const name = csrName(finding);
  const read = `kubectl get csr ${name} -o jsonpath='{.status.certificate}' | base64 -d | openssl x509 -noout -subject -dates -fingerprint -sha256`;
  return [
    {
      say: 'Denying no longer helps. If not: keep a copy, read the certificate, then delete the request; a request deleted before it is signed is never signed.',
      commands: [`kubectl get csr ${name} -o yaml > csr-evidence.yaml`, read, `kubectl delete csr ${name}`],
    },
    ...endOfCertificate(finding),
  ];
}

function afterIssuance(finding: Finding): Step[] {
  const name = csrName(finding);
  const copy = {
    say: 'The certificate is out: neither denying nor deleting takes it back. If it is not rightful, keep a copy of the request (the cluster removes it within the hour).',
    commands: [`kubectl get csr ${name} -o yaml > csr-evidence.yaml`],
  };
  return [copy, ...endOfCertificate(finding)];
}

function stillValid(finding: Finding): Step[] {
  return isOnEks(finding) ? [] : [rotateCa];
}

/** Who used it, and how it ends. */
function endOfCertificate(finding: Finding): Step[] {
  if (certificateKind(finding) === 'server') return [poseAsServer(finding)];
  const { certificate } = finding;
  const search = certificate ? laterUseOfCertificate(certificate.sha256) : laterUseOfCertificate('');
  const found: Step = {
    say: certificate
      ? 'Find every login with it, in CloudWatch Logs Insights or in files:'
      : 'Find every login with it, in CloudWatch Logs Insights or in files (FINGERPRINT in lower case, without colons):',
    commands: [search.insights, search.scan],
  };
  const common = subjectOf(finding)?.commonName;
  const bound = isSafeUser(common) ? common : placeholders.subject;
  const strip: Step = {
    say: 'Kubernetes cannot revoke it. Take away what its user (the CN) and its groups (the O) may do; RBAC can take nothing from system:masters:',
    commands: [`kubectl get clusterrolebindings,rolebindings -A -o wide | grep -F '${bound}'`],
  };
  return isOnEks(finding) || !isSignedByCluster(finding) ? [found, strip] : [found, strip, rotateCa];
}

const rotateCa: Step = {
  say: "Where that is not enough (a name of the cluster's own, a group that begins system:), only rotating the cluster's CA ends the certificate before its time: https://kubernetes.io/docs/tasks/tls/manual-rotation-of-ca-certificates/",
};

function poseAsServer(finding: Finding): Step {
  const owner = isOnEks(finding)
    ? "EKS's CA is AWS's to rotate: ask AWS Support"
    : "rotating its signer's CA ends it";
  return {
    say: `The certificate cannot log in. Whoever can turn traffic to themselves can answer as these names to clients that trust its CA: look for Services, Endpoints, DNS entries and webhooks that were changed since. Before it expires, only the CA could end it (${owner}).`,
    commands: [
      'kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations,apiservices -o wide',
      'kubectl get endpointslices -A -o wide',
    ],
  };
}

function findOtherRequests(finding: Finding): Step {
  const searches = deedsOfUser(finding.request.requester);
  return {
    say: 'See what else the account did that asked for it:',
    commands: [searches.scan, searches.insights],
  };
}

function findWhatWasDeleted(finding: Finding): Step {
  const { request, verb } = finding;
  const named = verb !== 'deletecollection' && isSafeName(request.name);
  const condition = named
    ? `kubernetes.audit.objectRef.name:"${request.name}"`
    : 'not kubernetes.audit.verb:(get or list or watch)';
  const insights = named ? `objectRef.name = "${request.name}"` : 'verb not in ["get", "list", "watch"]';
  return {
    say: 'The log still tells what was asked for, approved and issued before it was deleted:',
    commands: searchesFor(finding, {
      scan: scanCommand(`kubernetes.audit.objectRef.resource:"certificatesigningrequests" and ${condition}`),
      insights: `filter objectRef.resource = "certificatesigningrequests" and ${insights} | fields @timestamp, verb, objectRef.name, objectRef.subresource, user.username | sort @timestamp`,
    }),
  };
}

function otherObject({ resource, request }: Finding): Step[] {
  if (!isSafeName(resource)) return [ask];
  const name = isSafeName(request.name) ? request.name : placeholders.object;
  return [ask, { say: 'Look at it:', commands: [`kubectl get ${resource} -A | grep -F '${name}'`] }];
}

/** What the placeholders in the commands stand for. */
function placeholderNote(steps: readonly Step[]): Step[] {
  const commands = steps.flatMap((step) => step.commands ?? []).join('\n');
  const used = Object.values(placeholders).filter((placeholder) => commands.includes(placeholder));
  if (used.length === 0) return [];
  return [
    {
      say: `Type ${used.join(' and ')} in by hand, quoted: what the log says there is missing, or no name that is safe to paste into a shell.`,
    },
  ];
}
