import type { AuditEvent, AuditRecord, Origin } from '../../lambda/audit/audit-record.ts';
import { buildFinding } from '../../lambda/findings/build-finding.ts';
import type { Finding, RuleInfo } from '../../lambda/findings/finding.ts';

const rule: RuleInfo = { id: 'a-rule', name: 'A rule', severity: 'high', riskScore: 73 };

const file: Origin = { kind: 'file', path: 'audit.log' };

function recordOf(event: AuditEvent, origin: Origin = file): AuditRecord {
  return { event, format: 'json', cluster: null, place: { origin } };
}

/** A creation of a CSR without any signal, with the changes of a test. */
export function csrEvent(spec: object = {}, changes: object = {}): AuditEvent {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    auditID: '1f9e7a40-5a8c-4f0d-9a54-0d6c1f0a7e10',
    stage: 'ResponseComplete',
    verb: 'create',
    requestURI: '/apis/certificates.k8s.io/v1/certificatesigningrequests',
    user: { username: 'jane' },
    sourceIPs: ['10.0.0.7'],
    userAgent: 'kubectl/v1.35.0',
    objectRef: { resource: 'certificatesigningrequests', name: 'a-csr', apiGroup: 'certificates.k8s.io' },
    responseStatus: { code: 201 },
    responseObject: {
      kind: 'CertificateSigningRequest',
      spec: {
        username: 'jane',
        signerName: 'example.com/signer',
        usages: ['digital signature'],
        expirationSeconds: 3_600,
        ...spec,
      },
    },
    ...changes,
  };
}

/** An update of a subresource of the same CSR. */
export function updateOf(
  subresource: string,
  status: object,
  spec: object = {},
  changes: object = {},
): AuditEvent {
  const { responseObject, objectRef, ...event } = csrEvent(spec);
  return {
    ...event,
    verb: 'update',
    objectRef: { ...Object(objectRef), subresource },
    responseStatus: { code: 200 },
    responseObject: { ...Object(responseObject), status },
    ...changes,
  };
}

export const approved = { conditions: [{ type: 'Approved', status: 'True' }] };

export function findingOf(event: AuditEvent, origin?: Origin): Promise<Finding> {
  return buildFinding(recordOf(event, origin), rule);
}
