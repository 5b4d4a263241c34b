import type { Finding } from '../findings/finding.ts';
import { stringAt } from '../json/read-json.ts';
import { isSafeName } from './placeholders.ts';
import type { Step } from './step.ts';

/** As the API server writes it: `RBAC: allowed by RoleBinding "edit/shop" of ClusterRole "edit" to Group "dev"`. */
const reason = 'authorization.k8s.io/reason';
const allowedBy = /^RBAC: allowed by (ClusterRoleBinding|RoleBinding) "([^"/]+)(?:\/([^"/]+))?" /;

/** How to revoke the permission that allowed a request; nothing if the log does not name it. */
export function bindingSteps({ event }: Finding): Step[] {
  const [, kind, name, namespace] = allowedBy.exec(stringAt(event, 'annotations', reason) ?? '') ?? [];
  if (!isSafeName(name) || (namespace !== undefined && !isSafeName(namespace))) return [];
  const object = `${kind?.toLowerCase()} ${name}${namespace === undefined ? '' : ` --namespace=${namespace}`}`;
  return [
    {
      say: `The ${kind} below allowed this request. Remove the certificate's user or group from its subjects, or delete the ${kind} if it has no other subjects.`,
      commands: [`kubectl get ${object} -o yaml`, `kubectl edit ${object}`],
    },
  ];
}
