import { describe, expect, test } from 'vitest';
import type { EventFacts } from '../../lambda/findings/finding.ts';
import type { Reading } from '../../lambda/findings/read-request.ts';
import {
  actor,
  client,
  eks,
  issued,
  legacy,
  login,
  node,
  request,
  sentence,
  signals,
  subject,
} from './quiet-request.ts';

test.each([
  ['example.com/signer', 'its signer chooses'],
  ['kubernetes.io/legacy-unknown', 'the cluster allows, by default a year'],
  ['beta.eks.amazonaws.com/app-serving', 'the cluster allows, by default a year'],
])('a request to %s without a lifetime lasts as long as %s', (signerName, limit) => {
  const { expirationSeconds: _, ...unlimited } = { ...request, signerName };
  expect(sentence('no-expiration', { request: unlimited })).toBe(
    `The request does not set expirationSeconds, so the certificate will be valid for as long as ${limit}.`,
  );
});

describe('a lifetime', () => {
  const week = 7 * 86_400;
  const unset = { signerName: 'example.com/signer' };
  test.each<[string, Partial<EventFacts>, string[]]>([
    ['a certificate of a week', { certificate: issued(week) }, []],
    ['a certificate of more', { certificate: issued(week + 1) }, ['long-expiration']],
    ['a certificate of 9 days', { certificate: issued(9 * 86_400) }, ['long-expiration']],
    [
      'a short certificate, although the request asked for more',
      { certificate: issued(60), request: { ...request, expirationSeconds: week + 1 } },
      [],
    ],
    [
      'a certificate without a beginning',
      { certificate: { sha256: '', notAfter: '2030-01-01T00:00:00Z' } },
      [],
    ],
    ['a certificate without an end', { certificate: { sha256: '', notBefore: '1990-01-01T00:00:00Z' } }, []],
    [
      'an issued certificate of a request without a lifetime',
      { certificate: issued(60), request: unset },
      [],
    ],
    ['a refused request without a lifetime', { outcome: 'refused', request: unset }, ['refused-attempt']],
    ['a dry run without a lifetime', { outcome: 'dry-run', request: unset }, ['dry-run', 'no-expiration']],
    ['a request without a signer', { request: {} }, []],
  ])('of %s', (_, changes, ids) => {
    expect(signals(changes).map(({ id }) => id)).toEqual(ids);
  });

  test.each([
    ['requested', true],
    ['approved', true],
    ['decided', true],
    ['issued', true],
    ['denied', false],
    ['modified', false],
    ['deleted', false],
  ] as const)('matters once %s: %s', (phase, isRelevant) => {
    expect(sentence('no-expiration', { phase, request: unset }) !== undefined).toBe(isRelevant);
  });
});

describe('a certificate is not issued to a component of the cluster', () => {
  const controller = { ...actor, name: 'system:kube-controller-manager' };
  test.each<[string, string, Partial<EventFacts>, boolean]>([
    ['a person', 'jane', {}, true],
    ['a node', 'system:node:a', {}, false],
    ['a bootstrap token', 'system:bootstrap:a', {}, false],
    ['kubelet-bootstrap', 'kubelet-bootstrap', {}, false],
    ['a similar name', 'kubelet-bootstrap2', {}, true],
    ['the scheduler', 'system:kube-scheduler', {}, false],
    ['a similar name', 'system:kube-scheduler2', {}, true],
    ['the controller manager', 'system:kube-controller-manager', {}, false],
    ['a similar name', 'system:kube-controller-manager2', {}, true],
    ['a name that ends like one', 'x:system:node:a', {}, true],
    ['a component of EKS', 'eks:a', { place: { origin: eks } }, false],
    ['a component of EKS elsewhere', 'eks:a', {}, true],
    ['a person on EKS', 'jane', { place: { origin: eks } }, true],
  ])('%s, %s', (_, requester, changes, isReported) => {
    const found = sentence('issued-to-non-system', {
      phase: 'issued',
      request: { ...legacy, requester },
      ...changes,
    });
    expect(found !== undefined).toBe(isReported);
  });

  test.each<[string, Partial<EventFacts>, boolean]>([
    ['a node that only a client names', {}, true],
    ["a node that the cluster's signer names", { actor: controller }, false],
    ['a node that a user without a name names', { actor: { ...actor, name: null } }, true],
  ])('%s', (_, changes, isReported) => {
    const claimed = { ...legacy, requester: 'system:node:a', requesterClaimed: true } as const;
    expect(
      sentence('issued-to-non-system', { phase: 'issued', request: claimed, ...changes }) !== undefined,
    ).toBe(isReported);
  });

  test.each<[string, Partial<EventFacts>]>([
    ['a node that joins', { request: { ...login, requester: 'system:bootstrap:a', subject: node } }],
    [
      'a node that joins by its group',
      { request: { ...login, requesterGroups: ['system:bootstrappers'], subject: node } },
    ],
    [
      'a node as the certificate names it',
      {
        request: { ...login, requesterGroups: ['system:bootstrappers'], subject: subject('bob') },
        certificate: issued(60, node),
      },
    ],
    ['no one', { request: { signerName: legacy.signerName } }],
    ['an unknown outcome', { outcome: 'unknown', request: legacy }],
  ])('%s', (_, changes) => {
    expect(sentence('issued-to-non-system', { phase: 'issued', ...changes })).toBeUndefined();
  });
});

test.each<[string, Partial<EventFacts>, Reading]>([
  ['not issued', {}, { request: { keyDigest: 'a' }, certificateKeyDigest: 'b' }],
  ['the same key', { phase: 'issued' }, { request: { keyDigest: 'a' }, certificateKeyDigest: 'a' }],
  ['no request', { phase: 'issued' }, { request: {}, certificateKeyDigest: 'b' }],
  ['no certificate', { phase: 'issued' }, { request: { keyDigest: 'a' } }],
])('a certificate may be for the request: %s', (_, changes, reading) => {
  expect(signals(changes, reading)).toEqual([]);
});

test('without the certificate, a foreign key has no evidence', () => {
  const [signal] = signals({ phase: 'issued' }, { request: { keyDigest: 'a' }, certificateKeyDigest: 'b' });
  expect(signal).toMatchObject({ id: 'certificate-not-for-request', evidence: {} });
});

test.each([
  ['10.0.0.0', false],
  ['10.255.255.255', false],
  ['11.0.0.0', true],
  ['9.255.255.255', true],
  ['0.1.2.3', false],
  ['192.0.0.9', false],
  ['192.0.1.1', true],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['223.255.255.255', true],
  ['169.254.169.254', false],
  ['198.18.0.1', false],
  ['198.20.0.1', true],
  ['100.128.0.1', true],
  ['::', false],
  ['::2', true],
  ['fe80::1', false],
  ['fd00::1', false],
  ['ff02::1', false],
  ['2001:db8::1', true],
])('the address %s is public: %s', (address, isPublic) => {
  const found = sentence('public-source-address', { actor: { ...actor, sourceIPs: [address] } });
  expect(found !== undefined).toBe(isPublic);
});

test.each([
  ['kubectl/v1', true],
  ['kubectl', true],
  ['kubectl v1', true],
  ['kubectl-plugin/v1', false],
  ['my kubectl/v1', false],
  ['Python-urllib/3.12', true],
  ['python-urllib3/2.0', true],
  ['python-httpx/0.27', true],
  ['python/3.12', true],
  ['pythonic/1', false],
  ['node/24', true],
  ['node-fetch/1.0', true],
  ['node-exporter/1.0', false],
])('%s is an interactive tool or a library: %s', (userAgent, isTool) => {
  const found = sentence('scripted-service-account', {
    actor: { ...actor, name: 'system:serviceaccount:a:b', userAgent },
  });
  expect(found !== undefined).toBe(isTool);
});

test('a key without a known length is not weak', () => {
  expect(signals({ request: { ...request, key: { algorithm: 'RSA' } } })).toEqual([]);
  expect(signals({ request: { ...request, key: { algorithm: 'ECDSA', bits: 256 } } })).toEqual([]);
});

test('a user without a name, or a service account without a client, is not scripted', () => {
  expect(signals({ actor: { ...actor, name: null, userAgent: 'curl/8' } })).toEqual([]);
  const { userAgent: _, ...silent } = { ...actor, name: 'system:serviceaccount:a:b' };
  expect(signals({ actor: silent })).toEqual([]);
});

test.each([
  ['kubernetes', true],
  ['kubernetes.default', true],
  ['kubernetes.default.svc', true],
  ['kubernetes.default.svc.cluster.local', true],
  ['Kubernetes.Default', true],
  ['*', true],
  ['*.default', true],
  ['*.default.svc.a-b.c1', true],
  ['kubernetes.svc', false],
  ['kubernetes.default.svc.', false],
  ['kubernetes.default.svc.a_b', false],
  ['xkubernetes', false],
  ['kubernetes2', false],
  ['a.eks.amazonaws.com', true],
  ['a.eks.amazonaws.com.cn', true],
  ['a.eks.amazonaws.com.de', false],
  ['a.eks-cluster.eu-central-1.api', true],
  ['a.eks-cluster.', false],
  ['a.eks-cluster.a b', false],
  [`${'a'.repeat(235)}.eks.amazonaws.com`, true],
  [`${'a'.repeat(236)}.eks.amazonaws.com`, false],
])('%s is a name of the API server: %s', (dnsName, isItsName) => {
  const found = sentence('api-server-name', {
    request: { ...request, subject: { ...subject('a'), dnsNames: [dnsName] } },
  });
  expect(found !== undefined).toBe(isItsName);
});

describe('what a signal keeps of long texts and lists', () => {
  const long = 'x'.repeat(300);
  const kept = `${'x'.repeat(256)}…`;
  const named = `"${'x'.repeat(80)}…" (300 characters)`;
  const groups = Array.from({ length: 12 }, () => long);

  test('ten items, and 256 characters of each', () => {
    expect(signals({ actor: { ...actor, impersonated: { name: long, groups } } })).toEqual([
      {
        id: 'impersonation',
        sentence: `"jane" impersonated ${named}.`,
        evidence: { name: kept, groups: Array.from({ length: 10 }, () => kept) },
      },
    ]);
  });

  test('all of a text of 256 characters', () => {
    const [signal] = signals({
      actor: { ...actor, impersonated: { name: 'x'.repeat(256), groups: [] } },
    });
    expect(signal?.evidence).toEqual({ name: 'x'.repeat(256), groups: [] });
  });

  test('256 characters of the reason why something cannot be read', () => {
    const shown = `${'x'.repeat(256)}… (300 characters).`;
    expect(sentence('unparseable-request', { request: { ...request, parseError: long } })).toBe(
      `The certificate request cannot be read as the API server reads it: ${shown}`,
    );
    expect(sentence('unparseable-certificate', {}, { request: {}, certificateError: long })).toBe(
      `The certificate that was written cannot be read: ${shown}`,
    );
  });
});

test('signals of a certificate request come in the order of their weight', () => {
  const found = signals(
    {
      phase: 'approved',
      actor: {
        ...actor,
        name: 'system:serviceaccount:a:b',
        impersonated: { name: 'jane', groups: [] },
        userAgent: 'curl/8',
        sourceIPs: ['203.0.113.9'],
      },
      request: {
        ...client,
        usages: ['client auth'],
        expirationSeconds: 31_536_000,
        key: { algorithm: 'RSA', bits: 512 },
        parseError: 'too long',
        subject: { ...subject('system:admin'), dnsNames: ['kubernetes'] },
      },
    },
    { request: { commonNames: ['a', 'b'] }, certificateError: 'too short' },
  );
  expect(found.map(({ id }) => id)).toEqual([
    'privileged-subject',
    'self-approval',
    'several-common-names',
    'api-server-name',
    'api-server-client-signer',
    'impersonation',
    'scripted-service-account',
    'public-source-address',
    'client-auth-usage',
    'long-expiration',
    'weak-key',
    'unparseable-request',
    'unparseable-certificate',
  ]);
});
