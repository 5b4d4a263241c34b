import type { Finding } from '../findings/finding.ts';
import { deedsOfUser, isSafeUser, serviceAccount, userName } from './commands.ts';
import { suspectOf } from './prospect.ts';
import type { Step } from './steps.ts';

/** How whoever is behind it is stopped, and what else they did. */
export function followSuspect(finding: Finding): Step[] {
  if (finding.phase === 'denied') return [];
  const suspect = suspectOf(finding);
  const rights = `kubectl auth can-i --list --as=${userName(suspect)}${asGroups(finding)}`;
  const account = serviceAccount(suspect);
  return [
    account ? closeAccount(account, rights) : closeUser(finding, rights),
    { say: 'See what else they did:', commands: searchesFor(finding, deedsOfUser(suspect)) },
  ];
}

function closeAccount(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  rights: string,
): Step {
  const pods = `kubectl -n ${namespace} get pods --field-selector spec.serviceAccountName=${name} -o wide`;
  // the cluster's own accounts are what its controllers run on
  if (namespace === 'kube-system') {
    return {
      say: "Close the road: see what the account may do, and which pods carry its token. Don't delete an account of kube-system: the cluster may stand on it.",
      commands: [rights, pods],
    };
  }
  return {
    say: 'Close the road: see what the account may do, and which pods carry its token. Deleting the account voids all its tokens, and stops what its pods do with them.',
    commands: [rights, pods, `kubectl -n ${namespace} delete serviceaccount ${name}`],
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

/** In CloudWatch where the events stand there, else in the files. */
export function searchesFor(
  { place }: Finding,
  { scan, insights }: { readonly scan: string; readonly insights: string },
): string[] {
  return [place.origin.kind === 'log-stream' ? insights : scan];
}

function hasArn({ actor }: Finding): boolean {
  return Object.hasOwn(actor.extra, 'arn') || actor.name?.startsWith('arn:') === true;
}
