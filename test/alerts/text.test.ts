import { describe, expect, test } from 'vitest';
import type { Finding } from '../../lambda/findings/finding.ts';
import {
  certificate,
  email,
  finding,
  findingOf,
  logStream,
  message,
  phases,
  selfApproval,
  sms,
  subject,
} from './samples.ts';

const first = (one: Finding) => email(one).split('\n')[0];
const steps = (...of: readonly Finding[]) =>
  email(...of)
    .split('WHAT TO DO NOW\n')[1]
    ?.split('\n\nSOURCE EVENT')[0] ?? '';
const onEks = { place: { origin: logStream } };
const controller = {
  name: 'system:serviceaccount:kube-system:certificate-controller',
  groups: [],
  extra: {},
  sourceIPs: ['127.0.0.1'],
};
const serving = {
  signerName: 'beta.eks.amazonaws.com/app-serving',
  usages: ['server auth'],
  subject: { ...subject, dnsNames: ['kubernetes.default.svc', 'web.shop.svc'], ipAddresses: ['10.96.0.1'] },
};

describe('the first line of an e-mail states the severity, the cluster, the user, the action and the outcome', () => {
  const who = 'HIGH in prod: "kubernetes-admin"';
  const bob = 'a client certificate for CN="bob", O="oidc:security"';
  test.each<[string, Partial<Finding>, Finding['request'], string]>([
    ['a request', {}, {}, `${who} requested ${bob}. Pending approval.`],
    [
      'a refused one',
      { outcome: 'refused', responseCode: 403 },
      {},
      `${who} tried to request ${bob}. The API server refused the request (403), so it changed nothing.`,
    ],
    [
      'a dry run',
      { outcome: 'dry-run' },
      {},
      `${who} tried to request ${bob}. A dry run: nothing was stored. The real request may follow.`,
    ],
    [
      'an unknown outcome',
      { outcome: 'unknown' },
      {},
      `${who} requested ${bob}. The log does not contain the outcome.`,
    ],
    [
      'an approval',
      { phase: 'approved' },
      {},
      `${who} approved the request "bob-laptop" for ${bob}. The cluster signs it within seconds: assume that the certificate has been issued.`,
    ],
    [
      'a self-approval',
      { phase: 'approved', severity: 'critical', signals: [selfApproval] },
      {},
      `CRITICAL in prod: "kubernetes-admin" approved its own request "bob-laptop" for ${bob}. The cluster signs it within seconds: assume that the certificate has been issued.`,
    ],
    [
      'an approval on EKS',
      { phase: 'approved', ...onEks },
      {},
      `${who} approved the request "bob-laptop" for ${bob}. An attempt: EKS signs no client certificates, even after approval.`,
    ],
    [
      'a server certificate on EKS',
      { phase: 'approved', ...onEks },
      serving,
      `${who} approved the request "bob-laptop" for a server certificate for "kubernetes.default.svc", "web.shop.svc", "10.96.0.1". EKS signs it within seconds: assume that the certificate has been issued.`,
    ],
    [
      'an approval for a custom signer',
      { phase: 'approved' },
      { signerName: 'clusterissuers.cert-manager.io/internal' },
      `${who} approved the request "bob-laptop" for ${bob.replace('client certificate', 'certificate')}. Its signer signs it within seconds: assume that the certificate has been issued.`,
    ],
    [
      'a denial',
      { phase: 'denied' },
      {},
      `${who} denied the request "bob-laptop" for ${bob}. No certificate is issued for a denied request.`,
    ],
    [
      'a decision without a body',
      { phase: 'decided' },
      {},
      `${who} approved or denied the request "bob-laptop". The log has no body, so the decision is unknown.`,
    ],
    [
      'an issuance by hand',
      { phase: 'issued', certificate },
      {},
      `${who} issued ${bob} (request "bob-laptop", requested by "kubernetes-admin"). The holder of its key can log in to the cluster until 2027-11-23 21:50:00 UTC.`,
    ],
    [
      'an issuance by the cluster, which is about the requester',
      { phase: 'issued', actor: controller },
      {},
      `${who} received ${bob} (request "bob-laptop"). The holder of its key can log in to the cluster.`,
    ],
    [
      'an issued server certificate',
      { phase: 'issued', certificate, actor: { ...controller, name: 'eks:certificate-controller' } },
      serving,
      `${who} received a server certificate for "kubernetes.default.svc", "web.shop.svc", "10.96.0.1" (request "bob-laptop"). The holder of its key can impersonate that server until 2027-11-23 21:50:00 UTC.`,
    ],
    ['a change', { phase: 'modified' }, {}, `${who} changed the request "bob-laptop". It succeeded.`],
    [
      'a deletion',
      { phase: 'deleted', verb: 'delete' },
      {},
      `${who} deleted the request "bob-laptop". A certificate that was already issued stays valid.`,
    ],
    [
      'a deletion of many',
      { phase: 'deleted', verb: 'deletecollection' },
      {},
      `${who} deleted certificate requests in bulk. A certificate that was already issued stays valid.`,
    ],
    [
      'no cluster',
      { cluster: null },
      {},
      `HIGH in an unnamed cluster: "kubernetes-admin" requested ${bob}. Pending approval.`,
    ],
    [
      'no user',
      { actor: { ...controller, name: null } },
      {},
      `HIGH in prod: an unidentified user requested ${bob}. Pending approval.`,
    ],
    [
      'another object',
      { phase: 'modified', verb: 'patch', resource: 'clustertrustbundles' },
      { name: 'roots' },
      `${who} changed cluster trust bundle "roots". It succeeded.`,
    ],
    [
      'a resource of that name in another API group',
      { event: { objectRef: { apiGroup: 'pki.example.com' } } },
      {},
      `${who} created certificatesigningrequests "bob-laptop". It succeeded.`,
    ],
    [
      'a line of the legacy format',
      { phase: 'decided', format: 'legacy' },
      {},
      `${who} approved or denied the request "bob-laptop". The log has no body, so the decision is unknown. The audit log may not contain this event.`,
    ],
    [
      'an object of a custom rule',
      { phase: 'requested', verb: 'create', resource: 'pods', subresource: 'exec' },
      { name: 'web-1' },
      `${who} created pods/exec "web-1". It succeeded.`,
    ],
    [
      'an unknown verb',
      { phase: 'modified', verb: 'escalate', resource: 'roles' },
      { name: 'x' },
      `${who} performed escalate on roles "x". It succeeded.`,
    ],
  ])('%s', async (_, changes, request, line) => {
    expect(first(await finding(changes, request))).toBe(line);
  });

  test('with the impersonated user', async () => {
    const one = await findingOf({
      impersonatedUser: { username: 'system:node:a', groups: ['system:nodes'] },
    });
    expect(first(one)).toContain('"kubernetes-admin", impersonating "system:node:a", requested');
    expect(email(one)).toContain('Impersonates: "system:node:a", groups "system:nodes"');
  });
});

describe('the facts', () => {
  test('contain the subject of the certificate if it differs from the requested one', async () => {
    const signed = { ...certificate, subject: { ...subject, commonName: 'system:admin' } };
    const one = await finding({ phase: 'issued', certificate: signed });
    expect(first(one)).toContain('issued a client certificate for CN="system:admin", O="oidc:security"');
    expect(email(one)).toContain('Subject:      CN="system:admin", O="oidc:security"');
    expect(steps(one)).toContain("grep -F -e 'system:admin' -e 'oidc:security'");
  });

  test('are the request, the certificate and their source', async () => {
    const one = await finding(
      { phase: 'issued', certificate, signals: [selfApproval] },
      { ...serving, key: { algorithm: 'RSA', bits: 1024 } },
    );
    const text = email(one);
    for (const line of [
      'WHY IT MATTERS\n- The requester approved its own request.',
      'User:         "kubernetes-admin"',
      'Subject:      CN="bob", O="oidc:security"',
      'DNS names:    "kubernetes.default.svc", "web.shop.svc"',
      'IP names:     "10.96.0.1"',
      'Key:          RSA, 1024 bits',
      'Valid:        2026-11-23 21:50:00 UTC to 2027-11-23 21:50:00 UTC',
      `SHA-256:      ${'ab'.repeat(32)}`,
      'In s3://audit-logs/onprem/2026/audit.log.gz, line 12\naccount 111122223333, eu-central-1\nhttps://eu-central-1.console.aws.amazon.com/s3/',
      `finding ${one.id}`,
    ]) {
      expect(text).toContain(line);
    }
  });

  test('distinguish the address that the client cannot forge', async () => {
    const one = await findingOf({ sourceIPs: ['10.0.0.1', '203.0.113.24'] });
    expect(email(one)).toContain(
      'Address:      203.0.113.24 (forwarded for 10.0.0.1, which the client can forge)',
    );
  });

  test('state that no lifetime was requested, and why a request could not be read', async () => {
    expect(email(await finding())).toContain(
      'Lifetime:     not specified: the longest that the signer allows',
    );
    expect(email(await finding({}, { expirationSeconds: 600 }))).toContain('requested: 600 seconds');
    expect(email(await finding({}, { expirationSeconds: 31536000 }))).toContain('requested: 365 days');
    expect(email(await finding({}, { parseError: 'trailing bytes' }))).toContain(
      'Unreadable:   trailing bytes',
    );
  });
});

describe('what to do now', () => {
  test('after a request: check its state, then deny it, and delete it last', async () => {
    const text = steps(await finding());
    expect(text.indexOf('kubectl get csr bob-laptop\n')).toBeLessThan(text.indexOf('kubectl delete'));
    expect(text).toContain('   kubectl certificate deny bob-laptop\n   kubectl delete csr bob-laptop');
    expect(text).toContain('kubectl auth can-i --list --as=kubernetes-admin --as-group=system:masters');
  });

  test('after an approval: denying has no effect; read, find, restrict, rotate', async () => {
    const text = steps(await finding({ phase: 'approved' }));
    expect(text).not.toContain('certificate deny');
    expect(text).toContain('A denial has no effect after the approval');
    expect(text).toContain("-o jsonpath='{.status.certificate}' | base64 -d | openssl x509");
    expect(text).toContain("grep -F -e 'bob' -e 'oidc:security'");
    expect(text).toContain("rotating the cluster's CA");
  });

  test('after an issuance: the search for later use has the fingerprint', async () => {
    const text = steps(await finding({ phase: 'issued', certificate }));
    const inLogs = steps(await finding({ phase: 'issued', certificate, ...onEks }));
    expect(inLogs).toContain(`filter @message like "X509SHA256=${'ab'.repeat(32)}"`);
    expect(text).toContain(
      `scan --query 'kubernetes.audit.user.extra.authentication.kubernetes.io/credential-id:"X509SHA256=${'ab'.repeat(32)}"' FILE`,
    );
    expect(text).not.toContain('FINGERPRINT');
  });

  test('after an issuance by the cluster: it is about the requester, not about the controller', async () => {
    const text = steps(await finding({ phase: 'issued', certificate, actor: controller }));
    expect(text).toContain('--as=kubernetes-admin');
    expect(text).not.toContain('certificate-controller');
  });

  test('on EKS no client certificate is issued, and only AWS can rotate the CA', async () => {
    const text = steps(await finding({ phase: 'approved', ...onEks }));
    expect(text).toContain('EKS signs nothing for this signer');
    expect(text).not.toMatch(/CA|openssl|deny/);
    const server = steps(await finding({ phase: 'approved', ...onEks }, serving));
    expect(server).toContain('The certificate cannot log in');
    expect(server).toContain('contact AWS Support');
  });

  test('after a denial: nothing to stop, but a requester to investigate', async () => {
    const text = steps(await finding({ phase: 'denied' }, { requester: 'mallory' }));
    expect(text).not.toMatch(/kubectl/);
    expect(text).toContain('user.name:"mallory"');
  });

  test('after a deletion: search the log, since the cluster has no object', async () => {
    const text = steps(await finding({ phase: 'deleted', verb: 'delete' }));
    expect(text).toContain('kubernetes.audit.objectRef.name:"bob-laptop"');
    expect(text).not.toMatch(/kubectl (get|delete) csr|deny/);
  });

  test.each(['refused', 'dry-run'] as const)(
    'after a %s attempt: nothing was stored, so no command names the request',
    async (outcome) => {
      const text = steps(await finding({ outcome }));
      expect(text).toContain('There is no certificate to revoke');
      expect(text).not.toContain('bob-laptop');
    },
  );

  test('for a service account: its pods and tokens, but never the deletion of one that the cluster depends on', async () => {
    const account = (name: string) => finding({ actor: { ...controller, name } });
    expect(steps(await account('system:serviceaccount:payments:checkout'))).toContain(
      'kubectl -n payments delete serviceaccount checkout',
    );
    expect(steps(await account('system:serviceaccount:kube-system:default'))).not.toContain(
      'delete serviceaccount',
    );
  });

  test.each(['$(reboot)', '-A', 'a b', "a'b", 'a/b', 'x'.repeat(300), ''])(
    'the name %j is in no command',
    async (name) => {
      const text = steps(await finding({}, { name }));
      expect(text).toContain('kubectl certificate deny CSR-NAME');
      expect(text).toContain('Replace CSR-NAME by hand, quoted');
    },
  );

  test.each(['bob-laptop', 'csr-x7k2p', 'Tooling.v1:a'])(
    'the name %j is in commands, and needs no note',
    async (name) => {
      const text = steps(await finding({}, { name }));
      expect(text).toContain(`kubectl certificate deny ${name}`);
      expect(text).not.toContain('by hand');
    },
  );
});

describe('the rule that matched', () => {
  const withRule = async (rule: Partial<Finding['rule']>, changes: Partial<Finding> = {}) => {
    const one = await finding(changes);
    return { ...one, rule: { ...one.rule, ...rule } };
  };
  const runbook = '1. Find the node.\n       kubectl get node NODE-NAME\n2. Drain it.';

  test('adds its steps between stopping the request and following up, with one numbering', async () => {
    const node = { ...controller, name: 'system:node:a' };
    const text = steps(await withRule({ runbook }, { actor: node }));
    expect(text.match(/^\d+\. .{8}/gm)).toEqual([
      '1. Ask the ',
      '2. Check th',
      '3. If the r',
      '4. Find the',
      '5. Drain it',
      '6. Contain ',
      '7. Find wha',
    ]);
    expect(text).toContain('4. Find the node.\n   kubectl get node a\n5.');
    expect(email(await withRule({ runbook }))).not.toContain('ABOUT THE RULE');
  });

  test('adds them even if another rule of the same event leads', async () => {
    const other = { ...(await withRule({ id: 'other', runbook })), id: 'f'.repeat(32), riskScore: 1 };
    expect(steps(await finding(), other)).toContain('5. Drain it.');
  });

  test('is described at the end, one paragraph per line', async () => {
    const text = email(await withRule({ description: '\nWho asks\ngets.\n' }));
    expect(text).toMatch(/\n\nABOUT THE RULE\nWho asks gets\.$/);
  });

  test('of Elastic keeps its note as it is, which adds no steps', async () => {
    const note = '## Triage\n\n- Look at `user.name`.\n1. Then\n    rm -rf /';
    const one = await withRule({ runbook: note });
    expect(email(one)).toMatch(
      /ABOUT THE RULE\n## Triage\n- Look at `user\.name`\.\n1\. Then\n {4}rm -rf \/$/,
    );
    expect(steps(one)).toBe(steps(await finding()));
  });

  test('adds no duplicates: an alert contains no command twice', async () => {
    for (const phase of phases) {
      const commands =
        steps(await finding({ phase, certificate })).match(/^ {3}(?!kubectl get csr).*$/gm) ?? [];
      expect(new Set(commands).size, phase).toBe(commands.length);
    }
  });
});

describe('the subject and the SMS', () => {
  test('state the most important fact', async () => {
    const one = await finding({ phase: 'approved', severity: 'critical', signals: [selfApproval] });
    expect(message('text', one).subject).toBe(
      '[critical] prod: "kubernetes-admin" approved its own CN="bob", O="oidc:security"',
    );
    expect(sms(one)).toBe(
      'csrwatch CRITICAL prod: "kubernetes-admin" approved its own CN="bob", O="oidc:security"',
    );
  });

  test('cut a long name in the middle, but not the action', async () => {
    const name = 'system:serviceaccount:a-very-long-namespace-of-a-team:and-an-account-with-a-name-as-long';
    const one = await finding({ phase: 'approved', outcome: 'refused', actor: { ...controller, name } });
    expect(message('text', one).subject).toMatch(
      /^\[high\] prod: "system:s.*\.\..*long" approved CN="bob", O="oidc:security" \(refused\)$/,
    );
    expect(message('text', one).subject).toHaveLength(99);
    expect(sms(one).length).toBeLessThanOrEqual(140);
    expect(sms(one)).toContain('approved CN="bob"');
  });
});
