import type { RuleDefinition } from '../lambda/rules/rule.ts';

const resources = [
  'pods',
  'secrets',
  'configmaps',
  'nodes',
  'serviceaccounts',
  'services',
  'endpoints',
  'cronjobs',
  'daemonsets',
  'deployments',
  'clusterroles',
  'clusterrolebindings',
  'roles',
  'rolebindings',
];

/** Conditions as in detection rules for Kubernetes. */
const shapes: readonly ((resource: string) => string)[] = [
  (resource) =>
    `kubernetes.audit.objectRef.resource:"${resource}" and kubernetes.audit.verb:("create" or "update" or "patch")
     and kubernetes.audit.requestObject.spec.containers.securityContext.privileged:true`,
  (resource) =>
    `kubernetes.audit.objectRef.resource:"${resource}" and kubernetes.audit.verb:("get" or "list")
     and not kubernetes.audit.user.groups:"system:nodes" and source.ip:(* and not "10.0.0.0/8")`,
  (resource) =>
    `event.action:delete and orchestrator.resource.type:${resource} and user.name:system\\:serviceaccount\\:*
     and kubernetes.audit.responseStatus.code < 300`,
];

/** As many rules as requested, to evaluate beside the base rule. */
export function thirtyRules(count: number): RuleDefinition[] {
  return Array.from({ length: count }, (_, index) => {
    const shape = shapes[index % shapes.length];
    const resource = resources[index % resources.length] ?? '';
    return {
      info: { id: `bench-${index}`, name: 'Bench', severity: 'low', riskScore: 21 },
      query: `data_stream.dataset:"kubernetes.audit_logs"
        and kubernetes.audit.annotations.authorization_k8s_io/decision:"allow" and ${shape?.(resource) ?? ''}`,
      exceptions: [],
      file: 'bench',
    };
  });
}
