import { eksClusterOf } from '../../audit/eks-log-group.ts';
import type { EventFacts } from '../finding.ts';

/**
 * How certain it is that the cluster is EKS. `certain`: EKS's own log group, whose name has a prefix that AWS reserves.
 * `likely`: the user is an IAM identity or an EKS component, which another cluster can have, too. Unless it is certain,
 * no sentence may promise that an attempt had no effect.
 */
export type EksEvidence = 'certain' | 'likely' | 'none';

export function eksEvidence({ place, actor }: Pick<EventFacts, 'place' | 'actor'>): EksEvidence {
  const { origin } = place;
  if (origin.kind === 'log-stream' && eksClusterOf(origin.logGroup) !== undefined) return 'certain';
  const isEksComponent = actor.name?.startsWith('eks:') ?? false;
  const isIamIdentity = (actor.extra['arn'] ?? []).some((arn) => /^arn:aws[a-z-]*:(iam|sts)::/.test(arn));
  return isEksComponent || isIamIdentity ? 'likely' : 'none';
}

/** The signers whose certificates the API server accepts as a login. */
export const apiServerClient = 'kubernetes.io/kube-apiserver-client';
export const kubeletClient = 'kubernetes.io/kube-apiserver-client-kubelet';
/**
 * EKS's own, the only one that works there: for any subject, at most a year, server certificates only
 * (https://docs.aws.amazon.com/eks/latest/userguide/cert-signing.html: "client certificate signing isn't supported").
 */
export const appServing = 'beta.eks.amazonaws.com/app-serving';
