import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, describe as suite, test } from 'vitest';
import type { AuditEvent, Origin } from '../../lambda/audit/audit-record.ts';
import { at } from '../../lambda/json/read-json.ts';
import { eventsOf } from '../recordings.ts';
import { approved, csrEvent, findingOf, updateOf } from './event.ts';
import { alternativeNames, cn, der, extensionRequest, name, o, request, utf8 } from './x509/build.ts';

const signer = { signerName: 'kubernetes.io/kube-apiserver-client' };
const appServing = { signerName: 'beta.eks.amazonaws.com/app-serving' };
const subject = (...attributes: Uint8Array[]) => ({
  request: request({ subject: name(...attributes.map((item) => [item])) }),
});
const user = (text: string) => subject(cn(utf8(text)));
const group = (text: string) => subject(cn(utf8('bob')), o(utf8(text)));
const dns = (...names: string[]) => ({
  request: request({
    attributes: [extensionRequest(alternativeNames(...names.map((item) => der(0x82, item))))],
  }),
});
/** A request for this key, whatever key signed it. */
const keyOf = (key: KeyObject) => ({
  request: request({ keyInfo: key.export({ format: 'der', type: 'spki' }) }),
});
const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).publicKey;
const from = (...sourceIPs: string[]) => csrEvent({}, { sourceIPs });
const by = (username: string, userAgent: string) => csrEvent({}, { user: { username }, userAgent });
const certificate = Buffer.from('no certificate').toString('base64');
const issued = (spec: object, changes: object = {}) => updateOf('status', { certificate }, spec, changes);
const bare = { requestObject: null, responseObject: null };
const refused = (code: number, decision: string) => ({
  responseStatus: { code, message: 'no' },
  annotations: { 'authorization.k8s.io/decision': decision },
});

const kubeletSigner = 'kubernetes.io/kube-apiserver-client-kubelet';
const login = (spec: object = {}, changes: object = {}) => csrEvent({ ...signer, ...spec }, changes);
const nodeName = subject(cn(utf8('system:node:a')), o(utf8('system:nodes')));
const joins = (username: string, groups: string[] = [], name: object = nodeName) =>
  csrEvent({ ...name, signerName: kubeletSigner, usages: ['client auth'], username, groups });
/** The same at level Request, or refused: the log has only what the client sent. */
const requestOnly = ({ responseObject, ...event }: AuditEvent): AuditEvent => ({
  ...event,
  requestObject: responseObject,
});
/** An approval at level Request: the requester is what the client wrote. */
const claimed = (username: string) =>
  requestOnly(updateOf('approval', approved, { ...nodeName, signerName: kubeletSigner, username }));

const claimedIssue = (username: string) => requestOnly(issued({ ...signer, username }));

/** Writes of certificates to `status`, as an API server logged them. */
const recorded = [...eventsOf('selfmanaged').values()].filter(
  (event) => at(event, 'responseObject', 'status', 'certificate') !== undefined && event['verb'] !== 'get',
);
const [issuance = {}, otherIssuance = {}] = recorded;
const certificateOf = (event: AuditEvent) => at(event, 'responseObject', 'status', 'certificate');
/** The recorded issuance with another certificate, or another request. */
const exchanged = (changes: { readonly certificate?: unknown; readonly request?: unknown }): AuditEvent => {
  const { requestObject: _, ...event } = issuance;
  const { spec, status, ...object } = Object(event['responseObject']);
  const { certificate = status.certificate, request = spec.request } = changes;
  return {
    ...event,
    responseObject: { ...object, spec: { ...spec, request }, status: { ...status, certificate } },
  };
};

/** For each signal, events that cause it and similar events that do not. */
const table: Record<string, { hits: [string, AuditEvent][]; misses: [string, AuditEvent][] }> = {
  'certificate-not-for-request': {
    hits: [
      ['a certificate of another request', exchanged({ certificate: certificateOf(otherIssuance) })],
      ['a certificate for another key', exchanged({ request: request() })],
    ],
    misses: [
      ...recorded.map((event, index): [string, AuditEvent] => [
        `issuance ${index + 1} of the recordings`,
        event,
      ]),
      ['a certificate that cannot be read', exchanged({ certificate: 'AAAA' })],
      ['a request that cannot be read', exchanged({ request: 'AAAA' })],
      ['no request in the body', exchanged({ request: null })],
    ],
  },
  'privileged-subject': {
    hits: [
      ['a group of Kubernetes', login(group('system:masters'))],
      ['a group of Kubernetes among others', login(subject(o(utf8('dev')), o(utf8('system:nodes'))))],
      ["kubeadm's administrators", login(group('kubeadm:cluster-admins'))],
      ...[
        ...['system:kube-controller-manager', 'system:kube-scheduler', 'system:admin', 'system:apiserver'],
        ...['system:node:a', 'system:serviceaccount:a:b', 'eks:node-manager', 'aksService'],
      ].map((text): [string, AuditEvent] => [`user ${text}`, login(user(text))]),
      ['the last common name', login(subject(cn(utf8('bob')), cn(utf8('system:admin'))))],
      ['a refused request', requestOnly(login(group('system:masters'), refused(403, 'allow')))],
      ['an approval', updateOf('approval', approved, { ...signer, ...user('system:admin') })],
      ['a node’s own name, requested by another', login({ ...nodeName, signerName: kubeletSigner })],
      [
        'legacy-unknown without extended usages',
        csrEvent({ ...user('system:admin'), signerName: 'kubernetes.io/legacy-unknown' }),
      ],
    ],
    misses: [
      ['a user without the colon', login(user('system'))],
      ['a user that only ends like one', login(user('not-system:admin'))],
      ['another case', login(user('System:admin'))],
      ['aksService and more', login(user('aksService2'))],
      ['eks without the colon', login(user('eks'))],
      ['a group that only contains it', login(group('my-system:masters'))],
      ['a common name that is not the last', login(subject(cn(utf8('system:admin')), cn(utf8('bob'))))],
      ['a user name as a group', login(group('aksService'))],
      ['no request in the body', login()],
      ['a signer that the API server does not trust', csrEvent(user('system:admin'))],
      [
        'a server certificate of a kubelet',
        csrEvent({ ...nodeName, signerName: 'kubernetes.io/kubelet-serving', usages: ['server auth'] }),
      ],
      [
        'a server certificate of a trusted signer',
        csrEvent({
          ...user('system:admin'),
          signerName: 'kubernetes.io/legacy-unknown',
          usages: ['server auth'],
        }),
      ],
      ['a node that joins', joins('kubelet-bootstrap')],
    ],
  },
  'reserved-subject': {
    hits: [
      ['a signer that the API server does not trust', csrEvent(user('system:admin'))],
      [
        'a server certificate of a kubelet',
        csrEvent({ ...nodeName, signerName: 'kubernetes.io/kubelet-serving', usages: ['server auth'] }),
      ],
    ],
    misses: [
      ['a login', login(user('system:admin'))],
      ['a name that is not reserved', csrEvent(user('jane'))],
    ],
  },
  'node-join': {
    hits: [
      ['by a bootstrap token', joins('system:bootstrap:abcdef')],
      ['by kubelet-bootstrap', joins('kubelet-bootstrap')],
      ['by a member of system:bootstrappers', joins('anyone', ['system:bootstrappers'])],
      [
        "by OpenShift's node-bootstrapper",
        joins('system:serviceaccount:openshift-machine-config-operator:node-bootstrapper'),
      ],
      ['a node that renews its certificate', joins('system:node:a')],
    ],
    misses: [
      ['by anyone else', joins('jane')],
      ['by another node', joins('system:node:b')],
      [
        'by a user who impersonates the node',
        { ...joins('system:node:a'), impersonatedUser: { username: 'system:node:a' } },
      ],
      [
        'in another group',
        joins(
          'kubelet-bootstrap',
          [],
          subject(cn(utf8('system:node:a')), o(utf8('system:nodes')), o(utf8('system:masters'))),
        ),
      ],
      [
        'for another user',
        joins('kubelet-bootstrap', [], subject(cn(utf8('system:admin')), o(utf8('system:nodes')))),
      ],
      ['by a claim of the client', claimed('kubelet-bootstrap')],
    ],
  },
  'several-common-names': {
    hits: [['two', csrEvent(subject(cn(utf8('a')), cn(utf8('b'))))]],
    misses: [
      ['one', csrEvent(user('a'))],
      ['two organizations', csrEvent(subject(cn(utf8('a')), o(utf8('b')), o(utf8('c'))))],
    ],
  },
  'self-approval': {
    hits: [
      ['by the requester', updateOf('approval', approved)],
      ['by the requester, as only the request states', claimed('jane')],
      [
        'by a user who impersonates the requester',
        updateOf(
          'approval',
          approved,
          {},
          { user: { username: 'eve' }, impersonatedUser: { username: 'jane' } },
        ),
      ],
      [
        'by the requester, who impersonates another',
        updateOf('approval', approved, {}, { impersonatedUser: { username: 'bob' } }),
      ],
    ],
    misses: [
      ['by another', updateOf('approval', approved, {}, { user: { username: 'bob' } })],
      [
        'by a user of almost the same name',
        updateOf('approval', approved, {}, { user: { username: 'Jane' } }),
      ],
      ['by another, as only the request states', claimed('bob')],
      ['a denial', updateOf('approval', { conditions: [{ type: 'Denied' }] })],
      ['a creation', csrEvent()],
      ['no body names the requester', updateOf('approval', {}, {}, bare)],
    ],
  },
  'api-server-client-signer': {
    hits: [
      ['requested', csrEvent(signer)],
      ['approved', updateOf('approval', approved, signer)],
      ['issued', issued(signer)],
    ],
    misses: [
      ["the kubelet's", csrEvent({ signerName: 'kubernetes.io/kube-apiserver-client-kubelet' })],
      ['denied', updateOf('approval', { conditions: [{ type: 'Denied' }] }, signer)],
      ['a label changed', csrEvent(signer, { verb: 'patch', responseStatus: { code: 200 } })],
    ],
  },
  'app-serving-signer': {
    hits: [['requested', csrEvent(appServing)]],
    misses: [['another', csrEvent({ signerName: 'kubernetes.io/kubelet-serving' })]],
  },
  'client-auth-usage': {
    hits: [
      ['client auth', csrEvent({ usages: ['digital signature', 'client auth'] })],
      ['any', csrEvent({ usages: ['any'] })],
    ],
    misses: [
      ['server auth', csrEvent({ usages: ['server auth'] })],
      ['a delete', csrEvent({ usages: ['client auth'] }, { verb: 'delete' })],
    ],
  },
  'long-expiration': {
    hits: [['more than a week', csrEvent({ expirationSeconds: 7 * 86_400 + 1 })]],
    misses: [
      ['a week', csrEvent({ expirationSeconds: 7 * 86_400 })],
      ['refused', csrEvent({ expirationSeconds: 31_536_000 }, refused(403, 'allow'))],
    ],
  },
  'no-expiration': {
    hits: [['unset', csrEvent({ expirationSeconds: undefined })]],
    misses: [
      ['set', csrEvent()],
      ['no body', csrEvent({}, bare)],
      ['modified', csrEvent({ expirationSeconds: undefined }, { verb: 'update' })],
    ],
  },
  impersonation: {
    hits: [['of a node', csrEvent({}, { impersonatedUser: { username: 'system:node:a', groups: ['g'] } })]],
    misses: [['no user', csrEvent({}, { impersonatedUser: {} })]],
  },
  'public-source-address': {
    hits: [
      ['IPv4', from('203.0.113.9')],
      ['IPv6', from('2600:1f13::1')],
      ['the last of several', from('10.0.0.1', '203.0.113.9')],
      ['next to a private network', from('172.32.0.1')],
      ['IPv4 written as IPv6', from('::ffff:203.0.113.9')],
    ],
    misses: [
      ['a first one, which a client can set', from('203.0.113.9', '10.0.0.1')],
      ...[
        '10.255.255.255',
        '172.31.0.1',
        '192.168.1.1',
        '100.64.0.1',
        '127.0.0.1',
        '169.254.1.1',
        '198.19.0.1',
      ].map((address): [string, AuditEvent] => [address, from(address)]),
      ...['::1', 'fd00::1', 'fe80::1', '::ffff:10.0.0.1'].map((address): [string, AuditEvent] => [
        address,
        from(address),
      ]),
      ['none', from()],
      ['no address', from('localhost')],
    ],
  },
  'scripted-service-account': {
    hits: [
      ...['kubectl/v1.35.0 (linux/amd64)', 'curl/8.5.0', 'python-requests/2.34', 'Go-http-client/2.0'].map(
        (agent): [string, AuditEvent] => [agent, by('system:serviceaccount:a:b', agent)],
      ),
      ['OpenAPI-Generator', by('system:serviceaccount:a:b', 'OpenAPI-Generator/32.0.1/python')],
    ],
    misses: [
      ['its own program', by('system:serviceaccount:a:b', 'cert-manager-issuer/v1.16 (linux/amd64)')],
      [
        'a program whose name begins like a tool',
        by('system:serviceaccount:a:b', 'node-problem-detector/v1'),
      ],
      ['a person', by('jane', 'curl/8.5.0')],
    ],
  },
  'api-server-name': {
    hits: [
      ...[
        'kubernetes',
        'kubernetes.default',
        'kubernetes.default.svc',
        'KUBERNETES.default.svc.cluster.local',
      ],
      ...['*.default.svc', 'ABC.gr7.eu-central-1.eks.amazonaws.com'],
    ].map((text) => [text, csrEvent(dns('web.shop.svc', text))]),
    misses: [
      ...['kubernetes.shop.svc', 'my-kubernetes.default.svc', 'kubernetes.default.svc!', '*.shop.svc'],
      `${'.eks-cluster.'.repeat(50_000)}!`,
    ].map((text) => [text.slice(0, 40), csrEvent(dns(text))]),
  },
  'weak-key': {
    hits: [['RSA of 2,047 bits', csrEvent(keyOf(rsa(2_047)))]],
    misses: [
      ['RSA of 2,048 bits', csrEvent(keyOf(rsa(2_048)))],
      ['ECDSA of 256 bits', csrEvent(user('bob'))],
    ],
  },
  'refused-attempt': {
    hits: [
      ['by admission', csrEvent({}, refused(403, 'allow'))],
      ['by the authorizer', csrEvent({}, refused(403, 'forbid'))],
      ['409', csrEvent({}, refused(409, 'allow'))],
      [
        'of another resource',
        csrEvent({}, { objectRef: { resource: 'clustertrustbundles' }, ...refused(403, 'x') }),
      ],
    ],
    misses: [['a redirect', csrEvent({}, { responseStatus: { code: 302 } })]],
  },
  'dry-run': {
    hits: [['requested', csrEvent({}, { requestURI: '/x?dryRun=All' })]],
    misses: [['a name that contains it', csrEvent({}, { requestURI: '/x?fieldManager=dryRun=All' })]],
  },
  'body-truncated': {
    hits: [
      [
        'stated by the annotation',
        csrEvent({}, { ...bare, annotations: { 'audit.k8s.io/truncated': 'true' } }),
      ],
    ],
    misses: [['another annotation', csrEvent({}, { annotations: { 'audit.k8s.io/other': 'true' } })]],
  },
  'body-missing': {
    hits: [
      ['of a creation', csrEvent({}, bare)],
      ['of an approval', updateOf('approval', {}, {}, bare)],
    ],
    misses: [
      ['one of the two', csrEvent()],
      ['of a delete', csrEvent({}, { ...bare, verb: 'delete' })],
      ['of a refusal', csrEvent({}, { ...bare, ...refused(403, 'forbid') })],
      ['before it is read', csrEvent({}, { ...bare, stage: 'RequestReceived', responseStatus: undefined })],
      ['truncated', csrEvent({}, { ...bare, annotations: { 'audit.k8s.io/truncated': 'true' } })],
      ['of another API group', csrEvent({}, { ...bare, objectRef: { resource: 'x' } })],
    ],
  },
  'unparseable-request': {
    hits: [
      ['no PEM', csrEvent({ request: 'aGVsbG8=' })],
      ['no text', csrEvent({ request: 5 })],
    ],
    misses: [
      ['a good one', csrEvent(user('bob'))],
      [
        "another API group's",
        csrEvent(
          { request: '!' },
          { objectRef: { resource: 'certificatesigningrequests', apiGroup: 'x.io' } },
        ),
      ],
    ],
  },
  'unparseable-certificate': {
    hits: [['no PEM', issued({})]],
    misses: [
      ['none written', updateOf('status', {})],
      ['one in an approval', updateOf('approval', { ...approved, certificate })],
    ],
  },
  'issued-to-non-system': {
    hits: [
      ['by signer', issued(signer)],
      ['by usage', issued({ signerName: 'kubernetes.io/legacy-unknown', usages: ['client auth'] })],
      ['to a node that only the client claims', claimedIssue('system:node:a')],
      ["by the kubelet's signer", issued({ signerName: 'kubernetes.io/kube-apiserver-client-kubelet' })],
      ['to a service account', issued({ ...signer, username: 'system:serviceaccount:kube-system:default' })],
    ],
    misses: [
      ['to a node', issued({ ...signer, username: 'system:node:a' })],
      ['to a bootstrap token', issued({ ...signer, username: 'system:bootstrap:abcdef' })],
      ['for a server', issued({ ...appServing, usages: ['server auth'] })],
      ['for a signer that the API server does not trust', issued({ usages: ['client auth'] })],
      ['refused', issued(signer, refused(409, 'allow'))],
      ['approved only', updateOf('approval', approved, signer)],
    ],
  },
};

suite.each(Object.entries(table))('%s', (id, { hits, misses }) => {
  test.each(hits)('is present: %s', async (_, event) => {
    const { signals } = await findingOf(event);
    expect(signals.filter((signal) => signal.id === id)).toHaveLength(1);
  });

  test.each(misses)('is absent: %s', async (_, event) => {
    expect((await findingOf(event)).signals.map((signal) => signal.id)).not.toContain(id);
  });
});

test('every signal that docs/signals.md names has a hit and a near miss', () => {
  const page = readFileSync(new URL('../../docs/signals.md', import.meta.url), 'utf8');
  const named = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id);
  const tested = Object.entries(table).filter(([, { hits, misses }]) => hits.length * misses.length > 0);
  expect(tested.map(([id]) => id).sort()).toEqual(named.sort());
});

suite('severity', () => {
  test.each([
    ['a privileged subject', login(group('system:masters'))],
    ['self-approval', updateOf('approval', approved)],
    ['a client certificate issued', issued(signer)],
  ])('%s raises it to critical, 99', async (_, event) => {
    expect(await findingOf(event)).toMatchObject({ severity: 'critical', riskScore: 99 });
  });

  test.each([
    ['nothing', csrEvent()],
    ['a refusal', csrEvent(signer, refused(403, 'allow'))],
    ['a dry run', csrEvent(signer, { requestURI: '/x?dryRun=All' })],
  ])("%s does not change the rule's severity", async (_, event) => {
    expect(await findingOf(event)).toMatchObject({ severity: 'high', riskScore: 73 });
  });
});

suite('on EKS', () => {
  const logs = (logGroup: string): Origin => ({ kind: 'log-stream', logGroup, logStream: 's' });
  const sentence = async (event: AuditEvent, origin?: Origin) =>
    (await findingOf(event, origin)).signals.find(({ id }) => id === 'api-server-client-signer')?.sentence;

  test("a login is called an attempt if the event comes from EKS's own log group", async () => {
    expect(await sentence(csrEvent(signer), logs('/aws/eks/prod/cluster'))).toMatch(
      /EKS issues none.*an attempt/,
    );
  });

  test.each([
    ['an IAM identity', { username: 'x', extra: { arn: ['arn:aws:sts::111122223333:assumed-role/A/b'] } }],
    ['a user of that name', { username: 'eks:deploy-bot' }],
  ])('%s does not prove it', async (_, user) => {
    expect(await sentence(csrEvent(signer, { user }))).toMatch(/is a login to the API server/);
    expect(await sentence(csrEvent(signer, { user }))).not.toMatch(/an attempt/);
  });

  test('a log group of another name does not prove it', async () => {
    expect(await sentence(csrEvent(signer), logs('/my/aws/eks/prod/cluster'))).toMatch(
      /is a login to the API server/,
    );
  });

  test('a server certificate is judged by its alternative names', async () => {
    const event = csrEvent({ ...appServing, ...dns('kubernetes.default.svc') });
    const { signals } = await findingOf(event);
    expect(signals.find(({ id }) => id === 'app-serving-signer')?.sentence).toMatch(
      /impersonate "kubernetes\.default\.svc"\.$/,
    );
  });
});

suite('hostile text', () => {
  const long = 'x'.repeat(100_000);

  test('stays short in evidence, and no sentence is longer than a rendering shows', async () => {
    const event = csrEvent(
      {
        ...subject(
          cn(utf8(`system:${long}`)),
          ...Array.from({ length: 200 }, () => o(utf8(`system:${long}`))),
        ),
      },
      { impersonatedUser: { username: long, groups: [long, long] }, userAgent: `curl/${long}` },
    );
    const { signals } = await findingOf(event);
    expect(signals.length).toBeGreaterThan(1);
    for (const { sentence, evidence } of signals) {
      expect(sentence.length).toBeLessThan(500);
      expect(JSON.stringify(evidence ?? '').length).toBeLessThan(4_000);
    }
  });

  test('system:masters is named first, however many groups precede it', async () => {
    const many = Array.from({ length: 200 }, (_, index) => o(utf8(`system:${index}`)));
    const { signals } = await findingOf(login(subject(...many, o(utf8('system:masters')))));
    expect(signals[0]?.sentence).toContain('in the group "system:masters"');
  });
});
