import { certificateUse, isOnEks, isSignedByCluster, subjectOf } from '../findings/certificate-use.ts';
import type { Finding } from '../findings/finding.ts';
import { isSafeUser } from './placeholders.ts';
import { laterUse } from './searches.ts';
import { type Step, searchStep } from './step.ts';

/** How to find out who used an issued certificate, and how to end its use. */
export function certificateSteps(finding: Finding): Step[] {
  if (!finding.issuance && certificateUse(finding.request) === 'server') return [poseAsServer(finding)];
  const say = finding.certificate
    ? 'Find every login with the certificate'
    : 'Find every login with the certificate by its SHA-256 fingerprint (lower case, no colons). The alert about the issuance contains the fingerprint';
  const found = searchStep(finding, say, laterUse);
  const stripped = strip(finding);
  return isOnEks(finding) || !isSignedByCluster(finding) ? [found, stripped] : [found, stripped, rotateCa];
}

const maxGroups = 5;

function strip(finding: Finding): Step {
  const subject = finding.issuance ? finding.certificate?.subject : subjectOf(finding);
  const groups = (subject?.organizations ?? []).filter(isSafeUser).slice(0, maxGroups);
  const names = ['SUBJECT-CN', ...groups].map((name) => ` -e '${name}'`).join('');
  const pattern = groups.length === 0 ? " 'SUBJECT-CN'" : names;
  return {
    say: 'Kubernetes cannot revoke the certificate. List the bindings of its user (the CN) and its groups (the O), and remove them. RBAC cannot restrict system:masters.',
    commands: [`kubectl get clusterrolebindings,rolebindings -A -o wide | grep -F${pattern}`],
  };
}

const rotateCa: Step = {
  say: "Removing permissions is not enough if the certificate names a reserved user, or a group that begins with system:. Then only rotating the cluster's CA ends the certificate before it expires: https://kubernetes.io/docs/tasks/tls/manual-rotation-of-ca-certificates/",
};

function poseAsServer(finding: Finding): Step {
  const owner = isOnEks(finding) ? 'on EKS only AWS can do this: contact AWS Support' : "the signer's CA";
  return {
    say: `The certificate cannot log in. But an attacker who can redirect traffic can use it to impersonate the servers that it names, to any client that trusts its CA. Look for Services, Endpoints, DNS entries and webhooks that were changed since the issuance. Only rotating the CA ends the certificate before it expires (${owner}).`,
    commands: [
      'kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations,apiservices -o wide',
      'kubectl get endpointslices -A -o wide',
    ],
  };
}
