import { print } from '../../lambda/kql/print.ts';
import type { Query } from '../../lambda/kql/tree.ts';
import type { RuleDefinition } from '../../lambda/rules/rule.ts';

/** The rule for the condition of `--query`. */
export function adHocRule(query: string): RuleDefinition {
  return {
    info: { id: 'query', name: 'Query', severity: 'low', riskScore: 21 },
    query,
    exceptions: [],
    file: '--query',
  };
}

/**
 * A condition that is evaluated with the rules although it finds nothing by itself: which events belong to the story of a
 * CSR, or to the timeline of an actor.
 */
export function markerRule(query: string): RuleDefinition {
  return { ...adHocRule(query), file: 'csrwatch' };
}

export const ofCsrs = 'kubernetes.audit.objectRef.resource:"certificatesigningrequests"';

const iamFields = ['arn', 'canonicalArn', 'sessionName', 'accessKeyId', 'principalId'];

/** Events of a user, also of an impersonated one, by any name that the log has for the user. */
export function byActor(name: string): string {
  const fields = [
    'user.name',
    'kubernetes.audit.impersonatedUser.username',
    ...iamFields.map((field) => `kubernetes.audit.user.extra.${field}`),
  ];
  return fields.map((field) => is(field, name)).join(' or ');
}

/** Events of a user who authenticated with the certificate; API servers since Kubernetes 1.32 log its fingerprint. */
export function byCertificate(sha256: string): string {
  return is('kubernetes.audit.user.extra.authentication.kubernetes.io/credential-id', `X509SHA256=${sha256}`);
}

function is(field: string, text: string): string {
  const query: Query = {
    kind: 'is',
    field: { kind: 'text', text: field, quoted: false, offset: 0 },
    value: { kind: 'text', text, quoted: true, offset: 0 },
  };
  return print(query);
}
