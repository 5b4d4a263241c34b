import type { Finding } from '../../../lambda/findings/finding.ts';

/** A finding of the rule on CSRs, and what the test changes of it. */
export function finding(changes: Partial<Finding> = {}): Finding {
  return {
    id: 'f1',
    eventDigest: 'e1',
    rule: { id: 'rule-a', name: 'Rule A', severity: 'high', riskScore: 73 },
    severity: 'high',
    riskScore: 73,
    phase: 'requested',
    outcome: 'succeeded',
    cluster: null,
    time: '2026-11-23T21:55:48.569669Z',
    verb: 'create',
    resource: 'certificatesigningrequests',
    responseCode: 201,
    actor: {
      name: 'mallory',
      groups: ['system:authenticated'],
      extra: {},
      sourceIPs: ['203.0.113.7'],
      userAgent: 'curl/8.5.0',
    },
    request: {
      name: 'backup',
      uid: 'u-1',
      signerName: 'kubernetes.io/kube-apiserver-client',
      requester: 'mallory',
    },
    signals: [],
    format: 'json',
    place: { origin: { kind: 'file', path: 'audit.log' }, line: 7 },
    event: { auditID: 'a-1', requestObject: { large: 'x'.repeat(1_000) } },
    ...changes,
  };
}

export const rule = (id: string) => ({ id, name: id, severity: 'high', riskScore: 73 }) as const;

const certificate = {
  serialNumber: '7a01',
  notBefore: '2026-11-23T21:51:10Z',
  notAfter: '2027-11-23T21:51:10Z',
  sha256: 'ab'.repeat(32),
};

/** A CSR from its creation to its deletion, with all that a finding can hold. */
export const wholeStory: readonly Finding[] = [
  finding({
    severity: 'critical',
    request: {
      ...finding().request,
      usages: ['client auth'],
      expirationSeconds: 86_400,
      subject: {
        commonName: 'system:kube-controller-manager',
        organizations: ['system:masters', 'dev'],
        dnsNames: ['kubernetes.default.svc'],
        ipAddresses: ['10.96.0.1'],
        emailAddresses: [],
        uris: [],
      },
      key: { algorithm: 'RSA', bits: 1_024 },
    },
    signals: [
      {
        id: 'privileged-subject',
        sentence:
          'The request asks for the name of the controller manager, which may read every secret of the cluster.',
        raisesTo: 'critical',
      },
      { id: 'weak-key', sentence: 'The key is RSA of 1024 bits.' },
    ],
  }),
  finding({
    eventDigest: 'e2',
    phase: 'approved',
    verb: 'update',
    subresource: 'approval',
    responseCode: 200,
    time: '2026-11-23T21:55:49Z',
    signals: [{ id: 'self-approval', sentence: 'Whoever asked approved it.', raisesTo: 'critical' }],
    severity: 'critical',
    place: { origin: { kind: 'file', path: 'audit.log' }, line: 9 },
  }),
  finding({
    eventDigest: 'e3',
    rule: rule('rule-b'),
    phase: 'issued',
    verb: 'update',
    subresource: 'status',
    responseCode: 200,
    time: '2026-11-24T00:00:01.5Z',
    actor: {
      name: 'system:kube-controller-manager',
      groups: [],
      extra: {},
      sourceIPs: [],
      userAgent: 'kube-controller-manager',
    },
    certificate,
  }),
];
