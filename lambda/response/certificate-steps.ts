import { certificateUse, isOnEks, isSignedByCluster } from '../findings/certificate-use.ts';
import type { Finding } from '../findings/finding.ts';
import { laterUse } from './searches.ts';
import { type Step, searchStep } from './step.ts';

/** How to find out who used an issued certificate, and how to end its use. */
export function certificateSteps(finding: Finding): Step[] {
  if (certificateUse(finding.request) === 'server') return [poseAsServer(finding)];
  const say = finding.certificate
    ? 'Find every login with it'
    : 'Find every login with it by its SHA-256 fingerprint (lower case, no colons), which the alert about its issuance contains';
  const found = searchStep(finding, say, laterUse);
  return isOnEks(finding) || !isSignedByCluster(finding) ? [found, strip] : [found, strip, rotateCa];
}

const strip: Step = {
  say: 'Kubernetes cannot revoke it. Remove the permissions of its user (the CN) and its groups (the O); RBAC cannot restrict system:masters:',
  commands: ["kubectl get clusterrolebindings,rolebindings -A -o wide | grep -F 'SUBJECT-CN'"],
};

const rotateCa: Step = {
  say: "If that is not enough (a reserved name, or a group that begins with system:), only rotating the cluster's CA ends the certificate before it expires: https://kubernetes.io/docs/tasks/tls/manual-rotation-of-ca-certificates/",
};

function poseAsServer(finding: Finding): Step {
  const owner = isOnEks(finding) ? 'on EKS only AWS can do this: contact AWS Support' : "the signer's CA";
  return {
    say: `The certificate cannot log in, but an attacker who can redirect traffic can impersonate its names to clients that trust its CA: look for Services, Endpoints, DNS entries and webhooks that were changed since. Only rotating the CA ends it before it expires (${owner}).`,
    commands: [
      'kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations,apiservices -o wide',
      'kubectl get endpointslices -A -o wide',
    ],
  };
}
