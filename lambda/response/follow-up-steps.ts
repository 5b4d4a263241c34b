import { suspectOf } from '../findings/certificate-use.ts';
import type { Finding } from '../findings/finding.ts';
import { isSafeUser, serviceAccount } from './placeholders.ts';
import { actionsOf } from './searches.ts';
import { type Step, searchStep } from './step.ts';

/** How to contain the user, and how to find what else the user did. */
export function followUpSteps(finding: Finding): Step[] {
  if (finding.phase === 'denied') return [];
  const rights = `kubectl auth can-i --list --as=USER-NAME${asGroups(finding)}`;
  const account = serviceAccount(suspectOf(finding));
  return [
    account ? containAccount(account.namespace, rights) : containUser(finding, rights),
    searchStep(finding, 'Find what else the user did', actionsOf('USER-NAME')),
  ];
}

const pods =
  'kubectl -n ACCOUNT-NAMESPACE get pods --field-selector spec.serviceAccountName=ACCOUNT-NAME -o wide';

function containAccount(namespace: string, rights: string): Step {
  // the cluster's controllers use these accounts
  if (namespace === 'kube-system') {
    return {
      say: 'Contain the account: review its permissions and the pods that use its token. A token ends with its pod: delete a pod that is not yours. Do not delete an account in kube-system: the cluster may depend on it.',
      commands: [rights, pods],
    };
  }
  return {
    say: 'Contain the account: review its permissions and the pods that use its token. Deleting the account invalidates all its tokens, including those of its legitimate pods.',
    commands: [rights, pods, 'kubectl -n ACCOUNT-NAMESPACE delete serviceaccount ACCOUNT-NAME'],
  };
}

function containUser(finding: Finding, rights: string): Step {
  const role = hasArn(finding) ? ', and revoke the active sessions of the IAM role in the IAM console' : '';
  return { say: `Contain the account: review its permissions${role}.`, commands: [rights] };
}

/** RBAC also grants permissions to groups. For a service account the API server adds its groups. */
function asGroups({ actor, request, phase }: Finding): string {
  if (phase === 'issued' && request.requester !== actor.name) return '';
  if (serviceAccount(actor.name)) return '';
  const groups = actor.groups.filter((name) => isSafeUser(name) && name !== 'system:authenticated');
  return groups
    .slice(0, 5)
    .map((name) => ` --as-group=${name}`)
    .join('');
}

function hasArn({ actor }: Finding): boolean {
  return Object.hasOwn(actor.extra, 'arn') || actor.name?.startsWith('arn:') === true;
}
