/** An event, and whether the base rule must match it. */
export interface TruthCase {
  readonly name: string;
  readonly matches: boolean;
  /** The event's JSON text, so that escapes are kept. */
  readonly text: string;
}

type Json = Readonly<Record<string, unknown>>;

const allow = { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' };
let serial = 0;

/** A creation by `kubernetes-admin`, 201, allowed, with the changes of the case. */
function event(changes: Json): Json {
  serial += 1;
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'RequestResponse',
    auditID: `00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`,
    stage: 'ResponseComplete',
    requestURI: '/apis/certificates.k8s.io/v1/certificatesigningrequests',
    verb: 'create',
    user: { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
    sourceIPs: ['203.0.113.24'],
    userAgent: 'kubectl/v1.32.0 (linux/amd64) kubernetes/70d3cc9',
    objectRef: csr(),
    responseStatus: { metadata: {}, code: 201 },
    requestReceivedTimestamp: '2026-11-23T21:55:44.000000Z',
    stageTimestamp: '2026-11-23T21:55:44.010000Z',
    annotations: allow,
    ...changes,
  };
}

function csr(changes: Json = {}): Json {
  return {
    resource: 'certificatesigningrequests',
    name: 'dev-user',
    apiGroup: 'certificates.k8s.io',
    apiVersion: 'v1',
    ...changes,
  };
}

const approval = csr({ subresource: 'approval' });
const status = csr({ subresource: 'status' });
const by = (username: unknown): Json => ({ user: { username, groups: ['system:authenticated'] } });
const answered = (code: number): Json => ({ responseStatus: { metadata: {}, code } });

function condition(type: string): Json {
  return {
    kind: 'CertificateSigningRequest',
    apiVersion: 'certificates.k8s.io/v1',
    metadata: { name: 'dev-user' },
    spec: { signerName: 'kubernetes.io/kube-apiserver-client', username: 'mallory' },
    status: { conditions: [{ type, status: 'True', lastUpdateTime: '2026-11-23T21:55:44Z' }] },
  };
}

const yes = (name: string, changes: Json): TruthCase => ({
  name,
  matches: true,
  text: JSON.stringify(event(changes)),
});
const no = (name: string, changes: Json): TruthCase => ({ ...yes(name, changes), matches: false });

function withoutKey(key: string): Json {
  const { [key]: _, ...rest } = event({});
  return rest;
}

export const truthTable: readonly TruthCase[] = [
  yes('create by kubernetes-admin, 201, allow', {}),
  yes('update on approval, as kubectl certificate approve does', {
    verb: 'update',
    objectRef: approval,
    requestObject: condition('Approved'),
    ...answered(200),
  }),
  yes('patch on approval', { verb: 'patch', objectRef: approval, ...answered(200) }),
  yes('patch of a label', {
    verb: 'patch',
    requestObject: { metadata: { labels: { team: 'a' } } },
    ...answered(200),
  }),
  yes('server-side apply that creates', { verb: 'patch', requestObject: condition('Approved') }),
  yes('update on approval that sets condition Denied', {
    verb: 'update',
    objectRef: approval,
    requestObject: condition('Denied'),
    ...answered(200),
  }),
  yes("update on status by a custom signer's service account", {
    verb: 'update',
    objectRef: status,
    ...by('system:serviceaccount:cert-manager:cert-manager'),
    ...answered(200),
  }),
  yes('create by a bootstrap token', by('system:bootstrap:abcdef')),
  yes('create by kubelet-bootstrap', by('kubelet-bootstrap')),
  no('create by a node', by('system:node:ip-10-0-1-2')),
  no('approve by eks:certificate-controller', {
    verb: 'update',
    objectRef: approval,
    ...by('eks:certificate-controller'),
  }),
  no('approve by the certificate controller of kube-system', {
    verb: 'update',
    objectRef: approval,
    ...by('system:serviceaccount:kube-system:certificate-controller'),
  }),
  no('create by the controller manager', by('system:kube-controller-manager')),
  no('create by the scheduler', by('system:kube-scheduler')),
  no('create by aksService', by('aksService')),
  yes('user in a namespace whose name begins kube-system', by('system:serviceaccount:kube-system-evil:x')),
  yes('user system:nodes', by('system:nodes')),
  yes('user eks, without the colon', by('eks')),
  yes('user EKS:x, in capitals', by('EKS:x')),
  yes('user aksservice, in small letters', by('aksservice')),
  yes('user system:kube-scheduler with a blank after it', by('system:kube-scheduler ')),
  no('user system:node: with nothing after it', by('system:node:')),
  no('user eks: with nothing after it', by('eks:')),
  no('user with a newline after system:node:', by('system:node:\nmallory')),
  yes('user with a newline before system:node:', by('\nsystem:node:mallory')),
  yes('user missing', { user: undefined }),
  yes('user name missing', { user: { groups: ['system:unauthenticated'] } }),
  yes('user name empty', by('')),
  yes('user name null', by(null)),
  yes('alice impersonating a node', { ...by('alice'), impersonatedUser: { username: 'system:node:x' } }),
  no('a kube-system service account impersonating alice', {
    ...by('system:serviceaccount:kube-system:default'),
    impersonatedUser: { username: 'alice' },
  }),
  no('decision forbid', { annotations: { 'authorization.k8s.io/decision': 'forbid' }, ...answered(403) }),
  no('decision Allow, in capitals', { annotations: { 'authorization.k8s.io/decision': 'Allow' } }),
  no('annotations without a decision', { annotations: { 'authorization.k8s.io/reason': 'allow' } }),
  { name: 'no annotations', matches: false, text: JSON.stringify(withoutKey('annotations')) },
  no('stage RequestReceived, which has no decision', {
    stage: 'RequestReceived',
    annotations: undefined,
    responseStatus: undefined,
  }),
  ...[403, 409, 422].map((code) => yes(`decision allow and response ${code}`, answered(code))),
  yes('a dry run', {
    requestURI:
      '/apis/certificates.k8s.io/v1/certificatesigningrequests?dryRun=All&fieldManager=kubectl-create',
  }),
  ...['get', 'list', 'watch', 'delete', 'deletecollection'].map((verb) => no(`verb ${verb}`, { verb })),
  no('verb CREATE, in capitals', { verb: 'CREATE' }),
  no('verb missing', { verb: undefined }),
  no('a SubjectAccessReview that names certificatesigningrequests', {
    objectRef: csr({ resource: 'subjectaccessreviews', apiGroup: 'authorization.k8s.io', name: undefined }),
    requestObject: {
      spec: { resourceAttributes: { resource: 'certificatesigningrequests', verb: 'create' } },
    },
  }),
  no('a ClusterRole that names certificatesigningrequests', {
    objectRef: csr({ resource: 'clusterroles', apiGroup: 'rbac.authorization.k8s.io', name: 'csr' }),
    requestObject: { rules: [{ resources: ['certificatesigningrequests'], verbs: ['create'] }] },
  }),
  no('an object of another kind that is named certificatesigningrequests', {
    objectRef: csr({ resource: 'configmaps', name: 'certificatesigningrequests' }),
  }),
  yes('a custom resource of that name in another API group', {
    objectRef: csr({ apiGroup: 'example.com' }),
  }),
  yes('no objectRef.name, as with generateName', { objectRef: csr({ name: undefined }) }),
  yes('level Metadata, no requestObject', { level: 'Metadata' }),
  yes('a JSON Patch body, which is a list', {
    verb: 'patch',
    objectRef: approval,
    requestObject: [{ op: 'add', path: '/status/conditions', value: [{ type: 'Approved', status: 'True' }] }],
    ...answered(200),
  }),
  {
    name: 'a resource whose first letter is a JSON escape',
    matches: true,
    text: JSON.stringify(event({})).replaceAll('certificatesigning', '\\u0063ertificatesigning'),
  },
  {
    name: 'a resource written in JSON escapes from end to end',
    matches: true,
    text: JSON.stringify(event({})).replaceAll('certificatesigningrequests', (word) =>
      [...word].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join(''),
    ),
  },
  yes('an annotation key whose dots a forwarder replaced', {
    annotations: { authorization_k8s_io: undefined, 'authorization_k8s_io/decision': 'allow' },
  }),
  yes('a user name over 1,024 characters that begins system:node:', by(`system:node:${'x'.repeat(1_024)}`)),
  no('a user name of 1,024 characters that begins system:node:', by(`system:node:${'x'.repeat(1_012)}`)),
  yes('a raw U+0085 and U+2028 in the user agent', { userAgent: 'curl\u0085\u2028/8.5.0' }),
  no('objectRef missing', { objectRef: undefined }),
  no('resource CertificateSigningRequests, in capitals', {
    objectRef: csr({ resource: 'CertificateSigningRequests' }),
  }),
];
