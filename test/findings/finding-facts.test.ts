import { describe, expect, test } from 'vitest';
import type { Finding, Uses } from '../../lambda/findings/finding.ts';
import { factsOf } from '../../lambda/findings/finding-facts.ts';
import { plainTextStyle } from '../../lambda/text/quoted-text.ts';
import { csrEvent, findingOf } from './event.ts';

const logStream = {
  kind: 'log-stream',
  account: '111122223333',
  logGroup: '/aws/eks/prod/cluster',
  logStream: 's',
} as const;
const subject = {
  commonName: 'bob',
  organizations: ['dev', 'ops'],
  dnsNames: ['web.shop.svc', 'web'],
  ipAddresses: ['10.0.0.9'],
  emailAddresses: ['bob@example.com'],
  uris: ['spiffe://prod/bob'],
};
const noSubject = {
  commonName: null,
  organizations: [],
  dnsNames: [],
  ipAddresses: [],
  emailAddresses: [],
  uris: [],
};
const certificate = {
  serialNumber: '5f3a',
  notBefore: '2026-11-23T21:50:00Z',
  notAfter: '2027-11-23T21:50:00Z',
  sha256: 'ab'.repeat(32),
};

/** A creation by jane, with changes to the finding. */
async function changed(changes: Partial<Finding> = {}): Promise<Finding> {
  return { ...(await findingOf(csrEvent())), ...changes };
}
const shown = (finding: Finding) => factsOf(finding, plainTextStyle);
/** One of the facts. */
const fact = async (label: string, changes: Partial<Finding>) =>
  Object.fromEntries(shown(await changed(changes)))[label];

test('the facts of a request, in this order', async () => {
  const event = csrEvent(
    { username: 'jane' },
    {
      stageTimestamp: '2026-11-23T21:55:48.123456Z',
      objectRef: {
        resource: 'certificatesigningrequests',
        apiGroup: 'certificates.k8s.io',
        name: 'a-csr',
        namespace: 'shop',
      },
      user: {
        username: 'jane',
        groups: ['system:authenticated', 'dev'],
        extra: {
          principalId: ['AROA1'],
          accessKeyId: ['ASIA1', 'not shown'],
          sessionName: ['jane@example.com'],
          arn: ['arn:aws:iam::111122223333:role/a'],
          other: ['not shown'],
        },
      },
      impersonatedUser: { username: 'eve', groups: ['ops'] },
      sourceIPs: ['198.51.100.7', '10.0.0.7'],
    },
  );
  const found = await findingOf(event, logStream);
  const request = { ...found.request, requester: 'jane', subject, key: { algorithm: 'RSA', bits: 2_048 } };
  expect(shown({ ...found, cluster: 'prod', request: { ...request, parseError: 'too long' } })).toEqual([
    ['User', '"jane"'],
    ['Impersonates', '"eve", groups "ops"'],
    ['Groups', '"dev"'],
    [
      'AWS',
      'arn "arn:aws:iam::111122223333:role/a", sessionName "jane@example.com", accessKeyId "ASIA1", principalId "AROA1"',
    ],
    ['Address', '10.0.0.7 (forwarded for 198.51.100.7, which the client can forge)'],
    ['Client', '"kubectl/v1.35.0"'],
    ['Time', '2026-11-23 21:55:48 UTC'],
    ['Cluster', 'prod (EKS)'],
    ['Account', '111122223333'],
    ['Namespace', '"shop"'],
    ['Request', '"a-csr"'],
    ['Subject', 'CN="bob", O="dev", O="ops"'],
    ['DNS names', '"web.shop.svc", "web"'],
    ['IP names', '"10.0.0.9"'],
    ['E-mails', '"bob@example.com"'],
    ['URIs', '"spiffe://prod/bob"'],
    ['Key', 'RSA, 2048 bits'],
    ['Unreadable', 'too long'],
    ['Signer', '"example.com/signer"'],
    ['Usages', '"digital signature"'],
    ['Lifetime', 'requested: 3600 seconds'],
    ['Response', '201 (succeeded)'],
    ['Rule', 'A rule'],
  ]);
});

test('the facts of an event that states almost nothing', async () => {
  const found = await changed({
    actor: { name: null, groups: [], extra: {}, sourceIPs: [] },
    request: {},
  });
  const { responseCode: _, ...finding } = found;
  expect(shown(finding)).toEqual([
    ['User', 'a user without a name'],
    ['Rule', 'A rule'],
  ]);
});

test('the facts of the use of a certificate', async () => {
  const found = await changed({
    certificate: { ...certificate, subject },
    issuance: {
      time: '2026-11-23T21:50:01Z',
      csrName: 'bob-laptop',
      requester: 'eve',
      signerName: 'kubernetes.io/kube-apiserver-client',
      requestMissing: true,
      findingId: 'f'.repeat(32),
      reason: 'found on a laptop',
    },
    uses: {
      count: 3,
      first: '2026-11-23T21:56:10Z',
      last: '2026-11-23T21:56:11Z',
      firstOfAll: { time: '2026-11-23T21:51:00Z', sourceIPs: ['198.51.100.7'], userAgent: 'curl/8' },
      actions: [
        { verb: 'list', resource: 'pods', count: 1, refused: 0 },
        { verb: 'get', resource: 'secrets', namespace: 'kube-system', count: 2, refused: 2 },
        { verb: 'create', resource: 'pods/exec', namespace: 'a b', count: 4, refused: 1 },
      ],
    },
  });
  expect(shown(found).slice(4, -2)).toEqual([
    ['Signer', '"example.com/signer"'],
    ['Usages', '"digital signature"'],
    ['Lifetime', 'requested: 3600 seconds'],
    ['Serial', '5f3a'],
    ['Valid', '2026-11-23 21:50:00 UTC to 2027-11-23 21:50:00 UTC'],
    ['SHA-256', 'ab'.repeat(32)],
    ['Certificate', 'CN="bob", O="dev", O="ops"'],
    ['Issued', '2026-11-23 21:50:01 UTC'],
    ['From CSR', '"bob-laptop"'],
    ['Requested by', '"eve"'],
    ['Signed by', '"kubernetes.io/kube-apiserver-client"'],
    ['Not checked', 'whether the certificate belongs to its request, which the log does not contain'],
    ['Followed', 'added by hand, with the reason "found on a laptop"'],
    ['Issuance', `reported as finding ${'f'.repeat(32)}`],
    ['First used', '2026-11-23 21:51:00 UTC from 198.51.100.7 with "curl/8"'],
    [
      'Uses',
      '3 requests from this address with this client in this log, from 2026-11-23 21:56:10 UTC to 2026-11-23 21:56:11 UTC',
    ],
    [
      'Actions',
      'list pods, get secrets in kube-system (2 times): refused, create pods/exec in "a b" (4 times): 1 refused',
    ],
  ]);
});

test('a certificate that was added by hand has few facts', async () => {
  const found = await changed({
    certificate: { sha256: 'cd'.repeat(32) },
    issuance: {},
    request: {},
    uses: { count: 1 },
    actor: { name: 'bob', groups: [], extra: {}, sourceIPs: [] },
  });
  expect(shown(found)).toEqual([
    ['User', '"bob"'],
    ['SHA-256', 'cd'.repeat(32)],
    ['First used', 'at an unknown time'],
    ['Uses', 'one request from this address with this client in this log, at unknown'],
    ['Response', '201 (succeeded)'],
    ['Rule', 'A rule'],
  ]);
});

describe('the user', () => {
  const controller = {
    name: 'system:kube-controller-manager',
    groups: [],
    extra: {},
    sourceIPs: [],
  };
  test.each<[string, Partial<Finding>, [string, string][]]>([
    [
      'of an issuance by the cluster is the issuer',
      { phase: 'issued', actor: controller, request: { requester: 'jane' } },
      [
        ['Issued by', '"system:kube-controller-manager"'],
        ['Requester', '"jane"'],
      ],
    ],
    [
      'of any other request is the user',
      { phase: 'approved', actor: controller, request: { requester: 'jane' } },
      [
        ['User', '"system:kube-controller-manager"'],
        ['Requester', '"jane"'],
      ],
    ],
    [
      'of an own request is not repeated as the requester',
      { phase: 'requested', actor: controller, request: { requester: controller.name } },
      [['User', '"system:kube-controller-manager"']],
    ],
    [
      'of an own approval is repeated',
      { phase: 'approved', actor: controller, request: { requester: controller.name } },
      [
        ['User', '"system:kube-controller-manager"'],
        ['Requester', '"system:kube-controller-manager"'],
      ],
    ],
  ])('%s', async (_, changes, expected) => {
    const { responseCode: __, ...found } = await changed(changes);
    expect(shown(found).slice(0, -1)).toEqual(expected);
  });

  test.each<[string, Partial<Finding['actor']>, string | undefined]>([
    ['every user', { name: 'jane', groups: ['system:authenticated', 'dev'] }, '"dev"'],
    [
      'every service account',
      {
        name: 'system:serviceaccount:shop:web',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
      },
      undefined,
    ],
    [
      'a service account of another namespace',
      { name: 'system:serviceaccount:shop:web', groups: ['system:serviceaccounts:dev'] },
      '"system:serviceaccounts:dev"',
    ],
    [
      'a user who only looks like a service account',
      { name: 'x-system:serviceaccount:shop:web', groups: ['system:serviceaccounts'] },
      '"system:serviceaccounts"',
    ],
    [
      'a service account without a namespace',
      { name: 'system:serviceaccount::web', groups: ['system:serviceaccounts'] },
      '"system:serviceaccounts"',
    ],
    ['a user without a name', { name: null, groups: ['system:serviceaccounts'] }, '"system:serviceaccounts"'],
  ])('has the groups that %s does not have', async (_, actor, groups) => {
    expect(
      await fact('Groups', { actor: { name: '', extra: {}, sourceIPs: [], groups: [], ...actor } }),
    ).toBe(groups);
  });

  test.each<[Finding['actor']['extra'], string | undefined]>([
    [{}, undefined],
    [{ arn: [] }, undefined],
    [{ arn: [''] }, undefined],
    [{ other: ['x'] }, undefined],
    [{ sessionName: ['jane'] }, 'sessionName "jane"'],
  ])('has the IAM identity of %j', async (extra, text) => {
    expect(await fact('AWS', { actor: { name: 'jane', groups: [], sourceIPs: [], extra } })).toBe(text);
  });

  test.each([
    [[], undefined],
    [['10.0.0.7'], '10.0.0.7'],
    [['2001:db8::1'], '2001:db8::1'],
    [['not an address'], '"not an address"'],
    [['a', 'b', '10.0.0.7'], '10.0.0.7 (forwarded for "a", "b", which the client can forge)'],
  ])('has the address of %j', async (sourceIPs, text) => {
    expect(await fact('Address', { actor: { name: 'jane', groups: [], extra: {}, sourceIPs } })).toBe(text);
  });

  test.each([
    [{ name: null, groups: [] }, 'a user without a name'],
    [{ name: 'eve', groups: [] }, '"eve"'],
    [{ name: 'eve', groups: ['a', 'b'] }, '"eve", groups "a", "b"'],
  ])('impersonates %j', async (impersonated, text) => {
    const actor = { name: 'jane', groups: [], extra: {}, sourceIPs: [], impersonated };
    expect(await fact('Impersonates', { actor })).toBe(text);
  });
});

test.each<[string, string, Partial<Finding>, string | undefined]>([
  ['Cluster', 'a cluster', { cluster: 'prod' }, 'prod'],
  ['Cluster', 'on EKS', { cluster: 'prod', place: { origin: logStream } }, 'prod (EKS)'],
  ['Cluster', 'none', { cluster: null }, undefined],
  ['Account', 'a file', { place: { origin: { kind: 'file', path: 'x' } } }, undefined],
  ['Account', 'none', { place: { origin: { kind: 'stream', stream: 's' } } }, undefined],
  ['Object', 'not a CSR', { resource: 'pods' }, '"a-csr"'],
  ['Request', 'not a CSR', { resource: 'pods' }, undefined],
  ['Subject', 'empty', { request: { subject: noSubject } }, 'empty'],
  ['DNS names', 'none', { request: { subject: noSubject } }, undefined],
  ['Key', 'without bits', { request: { key: { algorithm: 'Ed25519' } } }, 'Ed25519'],
  ['Valid', 'without an end', { certificate: { sha256: '', notBefore: certificate.notBefore } }, undefined],
  [
    'Valid',
    'without a beginning',
    { certificate: { sha256: '', notAfter: certificate.notAfter } },
    'until 2027-11-23 21:50:00 UTC',
  ],
  [
    'Certificate',
    'empty',
    { issuance: {}, certificate: { ...certificate, subject: noSubject } },
    'its subject is empty',
  ],
  ['Certificate', 'unknown', { issuance: {} }, undefined],
  ['Lifetime', 'of an issued certificate', { phase: 'issued', certificate }, undefined],
  ['Lifetime', 'without a signer', { phase: 'requested', request: {} }, undefined],
  ['Lifetime', 'after the request', { phase: 'approved', request: { signerName: 'x' } }, undefined],
  ['Lifetime', 'of seconds', { request: { expirationSeconds: 7_199 } }, 'requested: 7199 seconds'],
  ['Lifetime', 'of two hours', { request: { expirationSeconds: 7_200 } }, 'requested: 2 hours'],
  ['Lifetime', 'of less than two days', { request: { expirationSeconds: 172_799 } }, 'requested: 48 hours'],
  ['Lifetime', 'of two days', { request: { expirationSeconds: 172_800 } }, 'requested: 2 days'],
  ['Lifetime', 'of a century', { request: { expirationSeconds: 3_155_760_000 } }, 'requested: 36525 days'],
  ['Lifetime', 'of some hours', { request: { expirationSeconds: 9_000 } }, 'requested: 3 hours'],
  ['Lifetime', 'of some days', { request: { expirationSeconds: 216_000 } }, 'requested: 3 days'],
  ['Time', 'empty', { time: '' }, undefined],
])('%s, %s', async (label, _, changes, text) => {
  expect(await fact(label, changes)).toBe(text);
});

describe('the uses of a certificate', () => {
  const text = (label: string, uses: Uses, actor: Partial<Finding['actor']> = {}) =>
    fact(label, {
      issuance: {},
      uses,
      actor: { name: 'bob', groups: [], extra: {}, sourceIPs: ['10.0.0.7'], userAgent: 'curl/8', ...actor },
    });
  const first = '2026-11-23T21:56:10Z';

  test.each<[Uses, string]>([
    [{ count: 1, first, last: first }, 'one request'],
    [{ count: 2, first, last: first }, '2 requests'],
  ])('%j', async (uses, requests) => {
    expect(await text('Uses', uses)).toBe(
      `${requests} from this address with this client in this log, at 2026-11-23 21:56:10 UTC`,
    );
  });

  test('may have no last time', async () => {
    expect(await text('Uses', { count: 2, first })).toMatch(/, from 2026-11-23 21:56:10 UTC to unknown$/);
  });

  test('began with this one unless an earlier one is known', async () => {
    expect(await text('First used', { count: 1, first })).toBe(
      '2026-11-23 21:56:10 UTC from 10.0.0.7 with "curl/8"',
    );
    expect(await text('First used', { count: 1, first, firstOfAll: { sourceIPs: [] } })).toBe(
      'at an unknown time',
    );
  });

  test.each([
    [[], undefined],
    [[{ verb: 'get', resource: '/api', count: 1, refused: 1 }], 'get /api: refused'],
  ])('have the actions %j', async (actions, expected) => {
    expect(await text('Actions', { count: 1, actions })).toBe(expected);
  });
});
