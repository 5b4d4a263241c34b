import { suspectOf } from '../findings/certificate-use.ts';
import type { Finding } from '../findings/finding.ts';
import { isSafeUser, serviceAccount } from './placeholders.ts';
import { actionsOf } from './searches.ts';
import { type Step, searchStep } from './step.ts';

/** How whoever is behind it is stopped, and what else they did. */
export function followUpSteps(finding: Finding): Step[] {
  if (finding.phase === 'denied') return [];
  const rights = `kubectl auth can-i --list --as=USER-NAME${asGroups(finding)}`;
  const account = serviceAccount(suspectOf(finding));
  return [
    account ? closeAccount(account.namespace, rights) : closeUser(finding, rights),
    searchStep(finding, 'See what else they did', actionsOf('USER-NAME')),
  ];
}

const pods =
  'kubectl -n ACCOUNT-NAMESPACE get pods --field-selector spec.serviceAccountName=ACCOUNT-NAME -o wide';

function closeAccount(namespace: string, rights: string): Step {
  // the cluster's own accounts are what its controllers run on
  if (namespace === 'kube-system') {
    return {
      say: "Close the road: see what the account may do, and which pods carry its token. A token ends with its pod: delete the pod that is not yours. Don't delete an account of kube-system: the cluster may stand on it.",
      commands: [rights, pods],
    };
  }
  return {
    say: 'Close the road: see what the account may do, and which pods carry its token. Deleting the account voids all its tokens, and stops what its pods do with them.',
    commands: [rights, pods, 'kubectl -n ACCOUNT-NAMESPACE delete serviceaccount ACCOUNT-NAME'],
  };
}

function closeUser(finding: Finding, rights: string): Step {
  const role = hasArn(finding)
    ? ', and revoke the active sessions of the IAM role in the console of IAM'
    : '';
  return { say: `Close the road: see what the user may do${role}.`, commands: [rights] };
}

/** What RBAC gives to groups counts too; a service account's groups the API server knows. */
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
