import type { EventFacts } from '../finding.ts';

/**
 * How sure it is that the cluster is EKS. `certain`: EKS's own log group, whose name begins with what AWS keeps for
 * itself. `likely`: an IAM identity or one of EKS's components acts, which another cluster can have, too. Where it
 * is less than certain no sentence may promise that an attempt came to nothing.
 */
export type EksEvidence = 'certain' | 'likely' | 'none';

export function eksEvidence({ place, actor }: Pick<EventFacts, 'place' | 'actor'>): EksEvidence {
  const { origin } = place;
  if (origin.kind === 'log-stream' && /^\/aws\/eks\/[^/]+\/cluster$/.test(origin.logGroup)) return 'certain';
  const isEksComponent = actor.name?.startsWith('eks:') ?? false;
  const isIamIdentity = (actor.extra['arn'] ?? []).some((arn) => /^arn:aws[a-z-]*:(iam|sts)::/.test(arn));
  return isEksComponent || isIamIdentity ? 'likely' : 'none';
}

/** The signers whose certificates the API server takes as a login. */
export const apiServerClient = 'kubernetes.io/kube-apiserver-client';
export const kubeletClient = 'kubernetes.io/kube-apiserver-client-kubelet';
/**
 * EKS's own: the one that works there, for any subject, for a year at most, for servers alone
 * (https://docs.aws.amazon.com/eks/latest/userguide/cert-signing.html: "client certificate signing isn't supported").
 */
export const appServing = 'beta.eks.amazonaws.com/app-serving';
