import { certificateKind, isOnEks, isSignedByCluster } from '../findings/certificate-use.ts';
import type { Finding } from '../findings/finding.ts';
import { laterUse } from './searches.ts';
import { type Step, searchStep } from './step.ts';

/** Who used a certificate that is out, and how it ends. */
export function certificateSteps(finding: Finding): Step[] {
  if (certificateKind(finding) === 'server') return [poseAsServer(finding)];
  const say = finding.certificate
    ? 'Find every login with it'
    : 'Find every login with it, by its SHA-256 fingerprint in lower case without colons, which the page of its issuance has';
  const found = searchStep(finding, say, laterUse);
  return isOnEks(finding) || !isSignedByCluster(finding) ? [found, strip] : [found, strip, rotateCa];
}

const strip: Step = {
  say: 'Kubernetes cannot revoke it. Take away what its user (the CN) and its groups (the O) may do; RBAC can take nothing from system:masters:',
  commands: ["kubectl get clusterrolebindings,rolebindings -A -o wide | grep -F 'SUBJECT-CN'"],
};

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
