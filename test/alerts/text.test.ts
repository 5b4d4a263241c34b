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
    ?.split('\n\nWHERE')[0] ?? '';
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

describe('the first line of an e-mail says who did what, where, how bad, and what came of it', () => {
  const who = 'HIGH in prod: kubernetes-admin';
  const bob = 'a client certificate for CN=bob, O=oidc:security';
  test.each<[string, Partial<Finding>, Finding['request'], string]>([
    ['a request', {}, {}, `${who} asked for ${bob}. It waits to be approved.`],
    [
      'a refused one',
      { outcome: 'refused', responseCode: 403 },
      {},
      `${who} tried to ask for ${bob}. An attempt: the API server refused it (403), nothing was stored.`,
    ],
    [
      'a dry run',
      { outcome: 'dry-run' },
      {},
      `${who} tried to ask for ${bob}. A dry run: nothing was stored. The real one may follow.`,
    ],
    [
      'an unknown outcome',
      { outcome: 'unknown' },
      {},
      `${who} asked for ${bob}. The log does not say what came of it.`,
    ],
    [
      'an approval',
      { phase: 'approved' },
      {},
      `${who} approved the request bob-laptop for ${bob}. The cluster signs it within seconds: take it that the certificate is out.`,
    ],
    [
      'a self-approval',
      { phase: 'approved', severity: 'critical', signals: [selfApproval] },
      {},
      `CRITICAL in prod: kubernetes-admin approved its own request bob-laptop for ${bob}. The cluster signs it within seconds: take it that the certificate is out.`,
    ],
    [
      'an approval on EKS',
      { phase: 'approved', ...onEks },
      {},
      `${who} approved the request bob-laptop for ${bob}. An attempt: EKS signs no client certificates, approved or not.`,
    ],
    [
      'a server certificate on EKS',
      { phase: 'approved', ...onEks },
      serving,
      `${who} approved the request bob-laptop for a server certificate for kubernetes.default.svc, web.shop.svc, 10.96.0.1. EKS signs it within seconds: take it that the certificate is out.`,
    ],
    [
      'an approval for a signer of somebody else',
      { phase: 'approved' },
      { signerName: 'clusterissuers.cert-manager.io/internal' },
      `${who} approved the request bob-laptop for ${bob}. Its signer signs it within seconds: take it that the certificate is out.`,
    ],
    [
      'a denial',
      { phase: 'denied' },
      {},
      `${who} denied the request bob-laptop for ${bob}. Nothing is issued on a denied request.`,
    ],
    [
      'a decision without a body',
      { phase: 'decided' },
      {},
      `${who} approved or denied the request bob-laptop. The log holds no body, so it cannot tell which.`,
    ],
    [
      'an issuance by hand',
      { phase: 'issued', certificate },
      {},
      `${who} issued ${bob} (request bob-laptop, asked for by kubernetes-admin). Whoever holds its key can log in to the cluster until 2027-11-23 21:50:00 UTC.`,
    ],
    [
      'an issuance by the cluster: it is told of whoever asked',
      { phase: 'issued', actor: controller },
      {},
      `${who} was given ${bob} (request bob-laptop). Whoever holds its key can log in to the cluster.`,
    ],
    [
      'an issued server certificate',
      { phase: 'issued', certificate, actor: { ...controller, name: 'eks:certificate-controller' } },
      serving,
      `${who} was given a server certificate for kubernetes.default.svc, web.shop.svc, 10.96.0.1 (request bob-laptop). Whoever holds its key can pose as that server until 2027-11-23 21:50:00 UTC.`,
    ],
    ['a change', { phase: 'modified' }, {}, `${who} changed the request bob-laptop. It succeeded.`],
    [
      'a deletion',
      { phase: 'deleted', verb: 'delete' },
      {},
      `${who} deleted the request bob-laptop. A certificate that was issued before stays valid.`,
    ],
    [
      'a deletion of many',
      { phase: 'deleted', verb: 'deletecollection' },
      {},
      `${who} deleted certificate requests in bulk. A certificate that was issued before stays valid.`,
    ],
    [
      'no cluster',
      { cluster: null },
      {},
      `HIGH in an unnamed cluster: kubernetes-admin asked for ${bob}. It waits to be approved.`,
    ],
    [
      'no user',
      { actor: { ...controller, name: null } },
      {},
      `HIGH in prod: somebody whom the log does not name asked for ${bob}. It waits to be approved.`,
    ],
    [
      'another object',
      { phase: 'modified', verb: 'patch', resource: 'clustertrustbundles' },
      { name: 'roots' },
      `${who} changed cluster trust bundle roots. It succeeded.`,
    ],
    [
      "a resource of that name in another group of the API, which isn't Kubernetes' own",
      { event: { objectRef: { apiGroup: 'pki.example.com' } } },
      {},
      `${who} created certificatesigningrequests bob-laptop. It succeeded.`,
    ],
    [
      'a line of the legacy format',
      { phase: 'decided', format: 'legacy' },
      {},
      `${who} approved or denied the request bob-laptop. The log holds no body, so it cannot tell which. The audit log may lack it.`,
    ],
    [
      'an object of a rule of your own',
      { phase: 'requested', verb: 'create', resource: 'pods', subresource: 'exec' },
      { name: 'web-1' },
      `${who} created pods/exec web-1. It succeeded.`,
    ],
    [
      'a verb without a past',
      { phase: 'modified', verb: 'escalate', resource: 'roles' },
      { name: 'x' },
      `${who} did escalate on roles x. It succeeded.`,
    ],
  ])('%s', async (_, changes, request, line) => {
    expect(first(await finding(changes, request))).toBe(line);
  });

  test('with the name that an impersonator took on', async () => {
    const one = await findingOf({
      impersonatedUser: { username: 'system:node:a', groups: ['system:nodes'] },
    });
    expect(first(one)).toContain('kubernetes-admin, posing as system:node:a, asked for');
    expect(email(one)).toContain('Impersonates: "system:node:a", groups "system:nodes"');
  });
});

describe('the facts', () => {
  test('tell of a certificate what was signed, where that is not what was asked for', async () => {
    const signed = { ...certificate, subject: { ...subject, commonName: 'system:admin' } };
    const one = await finding({ phase: 'issued', certificate: signed });
    expect(first(one)).toContain('issued a client certificate for CN=system:admin, O=oidc:security');
    expect(email(one)).toContain('Subject:      CN="system:admin", O="oidc:security"');
    expect(steps(one)).toContain("grep -F 'system:admin'");
  });

  test('are the request, the certificate and where they come from', async () => {
    const one = await finding(
      { phase: 'issued', certificate, signals: [selfApproval] },
      { ...serving, key: { algorithm: 'RSA', bits: 1024 } },
    );
    const text = email(one);
    for (const line of [
      'WHY IT MATTERS\n- The request was approved by the user who made it.',
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

  test('say of the addresses which one the client could not choose', async () => {
    const one = await findingOf({ sourceIPs: ['10.0.0.1', '203.0.113.24'] });
    expect(email(one)).toContain(
      'Address:      203.0.113.24 (forwarded for 10.0.0.1, which the client can forge)',
    );
  });

  test('say that a lifetime was not asked for, and why a request could not be read', async () => {
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
  test('after a request: see how it stands, then deny it; a request that is deleted shows nothing', async () => {
    const text = steps(await finding());
    expect(text.indexOf('kubectl get csr bob-laptop\n')).toBeLessThan(text.indexOf('kubectl delete'));
    expect(text).toContain('   kubectl certificate deny bob-laptop\n   kubectl delete csr bob-laptop');
    expect(text).toContain('kubectl auth can-i --list --as=kubernetes-admin --as-group=system:masters');
  });

  test('after an approval: denying no longer helps; read, find, strip, rotate', async () => {
    const text = steps(await finding({ phase: 'approved' }));
    expect(text).not.toContain('certificate deny');
    expect(text).toContain('Denying no longer helps');
    expect(text).toContain("-o jsonpath='{.status.certificate}' | base64 -d | openssl x509");
    expect(text).toContain("grep -F 'bob'");
    expect(text).toContain("rotating the cluster's CA");
  });

  test('after an issuance: the search for later use has the fingerprint', async () => {
    const text = steps(await finding({ phase: 'issued', certificate }));
    const inLogs = steps(await finding({ phase: 'issued', certificate, ...onEks }));
    expect(inLogs).toContain(`filter @message like "X509SHA256=${'ab'.repeat(32)}"`);
    expect(text).toContain(
      `scan -- --query 'kubernetes.audit.user.extra.authentication.kubernetes.io/credential-id:"X509SHA256=${'ab'.repeat(32)}"' FILE`,
    );
    expect(text).not.toContain('FINGERPRINT');
  });

  test('after an issuance by the cluster: it is about whoever asked, not about the controller', async () => {
    const text = steps(await finding({ phase: 'issued', certificate, actor: controller }));
    expect(text).toContain('--as=kubernetes-admin');
    expect(text).not.toContain('certificate-controller');
  });

  test('on EKS a client certificate is never out, and a CA is not the customer’s to rotate', async () => {
    const text = steps(await finding({ phase: 'approved', ...onEks }));
    expect(text).toContain('EKS signs nothing for this signer');
    expect(text).not.toMatch(/CA|openssl|deny/);
    const server = steps(await finding({ phase: 'approved', ...onEks }, serving));
    expect(server).toContain('The certificate cannot log in');
    expect(server).toContain('ask AWS Support');
  });

  test('after a denial: nothing to stop, but somebody to look at', async () => {
    const text = steps(await finding({ phase: 'denied' }, { requester: 'mallory' }));
    expect(text).not.toMatch(/kubectl/);
    expect(text).toContain('user.name:"mallory"');
  });

  test('after a deletion: the log has what the cluster lacks', async () => {
    const text = steps(await finding({ phase: 'deleted', verb: 'delete' }));
    expect(text).toContain('kubernetes.audit.objectRef.name:"bob-laptop"');
    expect(text).not.toMatch(/kubectl (get|delete) csr|deny/);
  });

  test.each(['refused', 'dry-run'] as const)(
    'after a %s attempt: nothing is stored, so no command names it',
    async (outcome) => {
      const text = steps(await finding({ outcome }));
      expect(text).toContain('There is nothing to deny or to revoke');
      expect(text).not.toContain('bob-laptop');
    },
  );

  test('a service account: its pods and tokens, but never the deletion of one that the cluster stands on', async () => {
    const account = (name: string) => finding({ actor: { ...controller, name } });
    expect(steps(await account('system:serviceaccount:payments:checkout'))).toContain(
      'kubectl -n payments delete serviceaccount checkout',
    );
    expect(steps(await account('system:serviceaccount:kube-system:default'))).not.toContain(
      'delete serviceaccount',
    );
  });

  test.each(['$(reboot)', '-A', 'a b', "a'b", 'a/b', 'x'.repeat(300), ''])(
    'the name %j goes into no command',
    async (name) => {
      const text = steps(await finding({}, { name }));
      expect(text).toContain('kubectl certificate deny CSR-NAME');
      expect(text).toContain('Type CSR-NAME in by hand, quoted');
    },
  );

  test.each(['bob-laptop', 'csr-x7k2p', 'Tooling.v1:a'])(
    'the name %j does, and no note is needed',
    async (name) => {
      const text = steps(await finding({}, { name }));
      expect(text).toContain(`kubectl certificate deny ${name}`);
      expect(text).not.toContain('by hand');
    },
  );
});

describe('the rule that found it', () => {
  const withRule = async (rule: Partial<Finding['rule']>, changes: Partial<Finding> = {}) => {
    const one = await finding(changes);
    return { ...one, rule: { ...one.rule, ...rule } };
  };
  const runbook = '1. Find the node.\n       kubectl get node NODE-NAME\n2. Drain it.';

  test('adds its steps between what stops it and whom to follow, with one numbering', async () => {
    const node = { ...controller, name: 'system:node:a' };
    const said = steps(await withRule({ runbook }, { actor: node }));
    expect(said.match(/^\d+\. .{8}/gm)).toEqual([
      '1. Ask whoe',
      '2. See how ',
      '3. If it wa',
      '4. Find the',
      '5. Drain it',
      '6. Close th',
      '7. See what',
    ]);
    expect(said).toContain('4. Find the node.\n   kubectl get node a\n5.');
    expect(email(await withRule({ runbook }))).not.toContain('ABOUT THE RULE');
  });

  test('adds them too where another rule of the same event leads', async () => {
    const other = { ...(await withRule({ id: 'other', runbook })), id: 'f'.repeat(32), riskScore: 1 };
    expect(steps(await finding(), other)).toContain('5. Drain it.');
  });

  test('is described at the end, a paragraph a line', async () => {
    const text = email(await withRule({ description: '\nWho asks\ngets.\n' }));
    expect(text).toMatch(/\n\nABOUT THE RULE\nWho asks gets\.$/);
  });

  test("keeps the note of a rule of Elastic's as it is, and takes no step from it", async () => {
    const note = '## Triage\n\n- Look at `user.name`.\n1. Then\n    rm -rf /';
    const one = await withRule({ runbook: note });
    expect(email(one)).toMatch(
      /ABOUT THE RULE\n## Triage\n- Look at `user\.name`\.\n1\. Then\n {4}rm -rf \/$/,
    );
    expect(steps(one)).toBe(steps(await finding()));
  });

  test('is not said twice: no command stands twice on a page', async () => {
    for (const phase of phases) {
      const commands =
        steps(await finding({ phase, certificate })).match(/^ {3}(?!kubectl get csr).*$/gm) ?? [];
      expect(new Set(commands).size, phase).toBe(commands.length);
    }
  });
});

describe('the subject and the SMS', () => {
  test('say the one thing', async () => {
    const one = await finding({ phase: 'approved', severity: 'critical', signals: [selfApproval] });
    expect(message('text', one).subject).toBe(
      '[critical] prod: kubernetes-admin approved its own CN=bob, O=oidc:security',
    );
    expect(sms(one)).toBe(
      'csrwatch CRITICAL prod: kubernetes-admin approved its own CN=bob, O=oidc:security',
    );
  });

  test('cut a long name in the middle, and what was done not at all', async () => {
    const name = 'system:serviceaccount:a-very-long-namespace-of-somebody:and-an-account-with-a-name-as-long';
    const one = await finding({ phase: 'approved', outcome: 'refused', actor: { ...controller, name } });
    expect(message('text', one).subject).toMatch(
      /^\[high\] prod: system:s.*\.\..*long approved CN=bob, O=oidc:security \(refused\)$/,
    );
    expect(message('text', one).subject).toHaveLength(99);
    expect(sms(one).length).toBeLessThanOrEqual(140);
    expect(sms(one)).toContain('approved CN=bob');
  });
});
