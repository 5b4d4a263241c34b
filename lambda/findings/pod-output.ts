import type { TextStyle } from '../text/quoted-text.ts';
import type { Finding } from './finding.ts';

/**
 * Whether the event was read from the output of a pod that is not part of the cluster: any program there can print a line
 * that looks like an audit event. An API server that runs as a pod of kube-system prints its log as well.
 */
export function isFromPodOutput({ pod }: Pick<Finding, 'pod'>): boolean {
  return pod !== undefined && pod.namespace !== 'kube-system';
}

/** What this means, as a sentence; `undefined` for other events. */
export function podOutputText({ pod }: Pick<Finding, 'pod'>, { quote }: TextStyle): string | undefined {
  if (pod === undefined || !isFromPodOutput({ pod })) return undefined;
  const name = pod.namespace === undefined ? pod.name : `${pod.namespace}/${pod.name}`;
  return `This event was read from the output of the pod ${quote(name, 160)}, where any program could have written it: check that it is real.`;
}
