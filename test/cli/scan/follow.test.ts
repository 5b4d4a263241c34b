import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RequestCounter } from '../../../lambda/follow/request-counter.ts';
import { recordingPath, recordings, recordingText } from '../../recordings.ts';
import { runScan } from '../../run-command.ts';

const rule = 'kubernetes-issued-certificate-used';
const selfManaged = recordingPath('selfmanaged.ndjson.gz');
const bobs = '8ef7b2bf21614a0e7c9b4e01d1842ce922a81678ff43de9ff1c9682189d65b35';
const invisibles = '87fed68954469576f002302ec75eaf745281163c5e7a301e55f8e880e836848a';

const lines = recordingText('selfmanaged').trimEnd().split('\n');
const isUse = (line: string) => line.includes(`X509SHA256=${bobs}`);
const uses = lines.filter(isUse);
const secrets =
  uses.filter((line) => line.includes('/secrets') && line.includes('ResponseComplete'))[0] ?? '';
/** Without credential ids, as before Kubernetes 1.32. */
const older = lines.map((line) =>
  line.replaceAll(/"authentication\.kubernetes\.io\/credential-id":\["X509SHA256=[^\]]*\],?/g, ''),
);

const folder = mkdtempSync(join(tmpdir(), 'csrwatch-follow-'));
let files = 0;
function file(content: readonly string[]): string {
  files += 1;
  const path = join(folder, `${files}.ndjson`);
  writeFileSync(path, `${content.join('\n')}\n`);
  return path;
}

/** The use of a certificate with changes, as another request. */
function use(changes: object): string {
  return JSON.stringify({ ...JSON.parse(secrets), auditID: `${files}-${Math.random()}`, ...changes });
}

function usesIn(args: readonly string[], input?: string) {
  const { stdout } = runScan(['--format', 'ndjson', ...args], input);
  const findings = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  return findings
    .filter((finding) => finding.rule.id === rule)
    .map(({ certificate, actor, uses: { count }, event, severity }) => ({
      sha256: certificate.sha256,
      from: actor.sourceIPs.join(),
      with: actor.userAgent.split('/')[0],
      count,
      severity,
      auditID: event.auditID,
      stage: event.stage,
    }));
}

const bobsUse = {
  sha256: bobs,
  from: '198.51.100.77',
  with: 'kubectl',
  count: 3,
  severity: 'critical',
  auditID: JSON.parse(uses[0] ?? '{}').auditID,
  stage: 'ResponseComplete',
};

describe('of the recordings', () => {
  test('every use of every issued login certificate is found, and none of any other', () => {
    const all = recordings.map((name) => recordingPath(`${name}.ndjson.gz`));
    const found = usesIn(all);
    expect(found).toEqual([bobsUse, expect.objectContaining({ sha256: invisibles, count: 1 })]);
  });

  test('a finding states the first use, the number of requests, and how the certificate was issued', () => {
    const { stdout } = runScan(['--format', 'json', '--only', rule, selfManaged]);
    const [finding] = JSON.parse(stdout).findings;
    expect(finding).toMatchObject({
      uses: { count: 3, first: '2026-11-23T21:56:10.990174Z', last: '2026-11-23T21:56:11.099505Z' },
      issuance: { csrName: 'bob-laptop', requester: 'kubernetes-admin' },
      certificate: { sha256: bobs, subject: { commonName: 'bob' } },
      event: { requestURI: '/api/v1/pods?limit=500', responseStatus: { code: 200 } },
    });
  });

  test('nothing is found with other rules only', () => {
    expect(usesIn(['--only', 'kubernetes-csr-certificate-issued', selfManaged])).toEqual([]);
  });

  test('nothing is found without the issuance', () => {
    expect(usesIn([file(lines.filter((line) => !line.includes('/status')))])).toEqual([]);
  });
});

describe('a use is found', () => {
  const issuances = lines.filter((line) => line.includes('bob-laptop/status'));

  test('in another input than the issuance, in any order', () => {
    const [used, issued] = [file(uses), file(issuances)];
    expect(usesIn([used, issued])).toEqual([bobsUse]);
    expect(usesIn([issued, used])).toEqual([bobsUse]);
  });

  test('before the issuance in the same input', () => {
    expect(usesIn([file([...uses, ...issuances])])).toEqual([bobsUse]);
  });

  test('on standard input, which can be read only once', () => {
    expect(usesIn(['-'], `${[...uses, ...issuances].join('\n')}\n`)).toEqual([bobsUse]);
    expect(usesIn(['-', file(issuances)], `${uses.join('\n')}\n`)).toEqual([bobsUse]);
  });

  test('if a writer of JSON escaped the equals sign', () => {
    const escaped = uses.map((line) => line.replace('X509SHA256=', String.raw`X509SHA256\u003d`));
    expect(usesIn([file([...escaped, ...issuances])])).toEqual([bobsUse]);
  });

  test('once for each source address and user agent, whatever was answered', () => {
    const log = [
      ...lines,
      use({ sourceIPs: ['203.0.113.9'], responseStatus: { code: 403 } }),
      use({ sourceIPs: ['203.0.113.9'] }),
      use({ sourceIPs: ['203.0.113.9'], userAgent: 'curl/8.7.1' }),
      use({}).replaceAll(bobs, 'f'.repeat(64)),
    ];
    const found = usesIn([file(log)]).filter(({ sha256 }) => sha256 === bobs);
    expect(found.map(({ from, with: agent, count }) => [from, agent, count])).toEqual([
      ['198.51.100.77', 'kubectl', 3],
      ['203.0.113.9', 'kubectl', 2],
      ['203.0.113.9', 'curl', 1],
    ]);
  });

  test('and a copy of its events is not counted again', () => {
    expect(usesIn([file([...lines, ...uses])])[0]?.count).toBe(3);
  });

  test('unless an exception names the subject of the certificate or its signer', () => {
    for (const query of [
      'csrwatch.subject.common_name:"bob"',
      'csrwatch.signer:"kubernetes.io/kube-apiserver-client"',
    ]) {
      const text = `[[exceptions]]\nname = "known"\nreason = "a test"\nrules = ["${rule}"]\nquery = '${query}'\n`;
      const path = join(folder, 'exception.toml');
      writeFileSync(path, text);
      const left = usesIn(['--except', path, selfManaged]).map(({ sha256 }) => sha256);
      expect(left).toEqual(query.includes('bob') ? [invisibles] : []);
    }
  });
});

describe('as text, the story of a CSR goes on', () => {
  const textOf = (args: readonly string[]) => runScan(args).stdout;

  test('with what its certificate was used for', () => {
    const text = textOf(['--csr', 'bob-laptop', selfManaged]);
    const end = text.slice(text.indexOf('  Uses '));
    expect(end).toMatchInlineSnapshot(`
      "  Uses        3 requests
        First use   2026-11-23T21:56:10.990174Z
        Last use    2026-11-23T21:56:11.097957Z
        From        198.51.100.77 ×3
        With        "kubectl/v1.32.4 (linux/amd64) kubernetes/4cb5f07" ×3
        Requests    list pods
                    list secrets
                    create selfsubjectreviews
        Sensitive   2026-11-23T21:56:11.046059Z list secrets kube-system 200 (secrets)
      "
    `);
  });

  test('with what ends it: its permissions, unless they are built in', () => {
    const [, bob = '', scheduler = ''] =
      /CSR bob-laptop:.*?To end it +(.*?)\n.*CSR sched:.*?To end it +(.*?)\n/s.exec(textOf([selfManaged])) ??
      [];
    expect(bob).toContain(
      'remove the permissions of the user bob and the group oidc:security; only rotating',
    );
    expect(scheduler).toContain('the permissions of system:kube-scheduler are built in: only rotating');
  });

  test('and the overview lists first the logins that were used', () => {
    const text = textOf(['--summary', selfManaged]);
    const [first = '', second = '', third = ''] = text.slice(text.indexOf('Certificates')).split('\n');
    expect(first).toContain('CN=bob, O=oidc:security, a login, used in 3 requests from 198.51.100.77');
    expect(second).toContain('CN=kube-admin-2, O=oidc:security, a login, used in 1 request from');
    expect(third).toContain('a login, not used in this log');
    expect(text).toMatch(/CN=system:node:worker-1, O=system:nodes, valid/);
  });

  test('and the overview counts it as used, whatever the request was', () => {
    const refused = use({ responseStatus: { code: 403 }, sourceIPs: ['198.51.100.78'] });
    const text = textOf(['--summary', '--csr', 'bob-laptop', file([...lines, refused])]);
    expect(text).toMatch(/^Phase +.*\b1 used, 1 used \(refused\)$/m);
    expect(text).not.toMatch(/^Phase.*modified/m);
  });

  test('with the refused attempts', () => {
    const text = textOf(['--csr', 'bob-laptop', file([...lines, use({ responseStatus: { code: 403 } })])]);
    expect(text).toMatch(/Refused .* list secrets kube-system 403/);
  });

  test('also if it was not used in this log', () => {
    expect(textOf(['--csr', 'carol-2', selfManaged])).toContain('not used in this log');
  });

  test('with the story of a CSR that was requested with its certificate', () => {
    const later = JSON.parse(uses.at(-1) ?? '{}').user;
    const chained = lines.map((line) => {
      const event = JSON.parse(line);
      return event.objectRef?.name === 'eve' && event.verb === 'create'
        ? JSON.stringify({ ...event, user: later })
        : line;
    });
    const titles = [...textOf([file(chained)]).matchAll(/^[A-Z]+ +CSR ([\w-]+):/gm)].map(([, name]) => name);
    expect(titles[titles.indexOf('bob-laptop') + 1]).toBe('eve');
  });

  test('with possible uses if the API server logs no credential ids, which are no findings', () => {
    const path = file(older);
    expect(textOf(['--csr', 'bob-laptop', path])).toMatch(
      /Uses +3 requests, possibly: the log has no credential/,
    );
    expect(usesIn([path])).toEqual([]);
  });

  test('without possible uses if the API server logs credential ids', () => {
    expect(textOf([selfManaged])).not.toContain('possibly:');
  });
});

test('a request is counted once as long as its stages are near each other', () => {
  const counter = new RequestCounter(2);
  const record = (auditID: string) => ({
    event: { auditID, stage: 'ResponseComplete', requestReceivedTimestamp: '2026-01-01T00:00:00Z' },
    format: 'json' as const,
    cluster: null,
    place: { origin: { kind: 'file' as const, path: 'log' } },
  });
  const seen = ['a', 'a', 'b', 'c', 'a', 'd', 'e', 'f'].map((id) => counter.isNew(record(id)));
  expect(seen).toEqual([true, false, true, true, false, true, true, true]);
  expect(counter.isNew(record('a'))).toBe(true);
});
