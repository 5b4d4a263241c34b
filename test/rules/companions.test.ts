import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../infra/config.ts';
import { deployedRules } from '../../infra/rules.ts';
import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { compile } from '../../lambda/kql/compile.ts';
import { runbookSteps } from '../../lambda/response/rule-steps.ts';
import { builtInRules } from '../../lambda/rules/built-in.ts';
import { compileRules } from '../../lambda/rules/compile-rules.ts';
import { loadRules } from '../../lambda/rules/load-rules.ts';
import { deliveredBy } from '../kql/cloudwatch-pattern.ts';
import { manifestOf, recordingPath, recordings, recordingText } from '../recordings.ts';
import { runCommand, runScan } from '../run-command.ts';

const base = 'kubernetes-csr-created-or-approved';
const issued = 'kubernetes-csr-certificate-issued';
const signed = 'kubernetes-csr-signed-outside-controllers';
const missing = 'kubernetes-csr-write-missing-from-audit-log';
const impersonating = 'kubernetes-csr-written-by-impersonating-system-identity';

/** For each kind of companion that a manifest names: at least one of these rules matches its rows. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  'excluded identity in the wrong place': [
    'kubernetes-csr-written-by-aksservice',
    'kubernetes-csr-approved-by-kube-system-account',
  ],
  'signing without approval': [signed],
  'issued to a non-system requester': [issued],
  'evidence removed': ['kubernetes-csr-deleted'],
  'refused attempts': ['kubernetes-csr-write-forbidden', 'kubernetes-csr-write-forbidden-unauthenticated'],
  'newer doors': ['kubernetes-cluster-trust-bundle-written'],
};

/** Rows for which the manifest names no companion, although one matches. */
const otherRows: readonly { step: string; subresource?: string; matched: readonly string[]; why: string }[] =
  [
    {
      step: 'cert-manager',
      subresource: 'status',
      matched: [issued, signed],
      why: 'a signer other than the kubelet’s two, and not a controller of the cluster: an exception suppresses it',
    },
    {
      step: 'signed-without-approval',
      subresource: 'status',
      matched: [issued, signed],
      why: 'the base rule matches as well',
    },
    {
      step: 'kube-system-impersonates',
      matched: [impersonating],
      why: 'the person behind the account requests a certificate',
    },
  ];

/** The controller manager's own writes have no row. It issued these to requesters that are not nodes. */
const issuedByController = ['bob-laptop', 'carol-2', 'tooling', 'backup', 'eve', 'invisible'];
const controller = 'system:serviceaccount:kube-system:certificate-controller';

const loaded = loadRules([builtInRules]);
if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
const definitions = loaded.rules.map(({ definition }) => definition);
/** Every rule of the folder except the base rule and the canary's. */
const ids = definitions.map(({ info }) => info.id).filter((id) => id !== base && id !== 'csrwatch-canary');
const compiled = compileRules(definitions, auditSchema(csrwatchFields));
if (!compiled.ok) throw new Error('the rules compile');
const { ruleSet } = compiled;

interface Event {
  readonly auditID: string;
  readonly stage: string;
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: { readonly name?: string; readonly subresource?: string };
}

const eventsOf = (name: (typeof recordings)[number]): Event[] =>
  recordingText(name)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const recordOf = (event: object): AuditRecord => ({
  event: { ...event },
  format: 'json',
  cluster: null,
  place: { origin: { kind: 'file', path: 'recording' } },
});

const companionsOf = (event: object) =>
  ruleSet
    .match(recordOf(event))
    .map(({ info }) => info.id)
    .filter((id) => ids.includes(id))
    .sort();

describe.each(recordings)('companion rules on %s', (name) => {
  const events = eventsOf(name);
  const rows = manifestOf(name);
  const completed = new Map(
    events.filter(({ stage }) => stage === 'ResponseComplete').map((event) => [event.auditID, event]),
  );

  test('every row that names a companion is matched by a rule of its kind', () => {
    for (const { auditID, companion = '' } of rows.filter((row) => row.companion)) {
      const found = companionsOf(completed.get(auditID) ?? {});
      const ofKind = found.filter((id) => kinds[companion]?.includes(id));
      expect({ auditID, companion, count: ofKind.length }).toEqual({ auditID, companion, count: 1 });
    }
  });

  test('no companion matches a row that names none, except the rows listed above', () => {
    for (const { auditID, step, subresource } of rows.filter((row) => !row.companion)) {
      const other = otherRows.find((row) => row.step === step && row.subresource === subresource);
      expect({ auditID, found: companionsOf(completed.get(auditID) ?? {}) }).toEqual({
        auditID,
        found: other?.matched ?? [],
      });
    }
  });

  test('of the events without a row, only certificates issued to others than nodes match', () => {
    const known = new Set(rows.map(({ auditID }) => auditID));
    const found = events
      .filter(({ auditID }) => !known.has(auditID))
      .flatMap((event) => companionsOf(event).map((id) => [id, event.objectRef?.name, event.user.username]));
    expect(found).toEqual(
      name === 'selfmanaged' ? issuedByController.map((csr) => [issued, csr, controller]) : [],
    );
  });

  test('only the last stage of an event matches', () => {
    for (const event of events.filter(({ stage }) => stage !== 'ResponseComplete')) {
      expect(companionsOf(event)).toEqual([]);
    }
  });
});

describe('an attack whose events are missing from the audit log', () => {
  const ruleIds = (findings: readonly { rule: { id: string } }[]) => findings.map(({ rule }) => rule.id);

  test('is found by its issuance', () => {
    const { stdout } = runScan(['--format', 'json', recordingPath('selfmanaged.ndjson.gz')]);
    const { findings } = JSON.parse(stdout);
    const invisible = findings.filter(
      ({ request }: { request: { name?: string } }) => request.name === 'invisible',
    );
    expect(ruleIds(invisible)).toEqual([issued]);
    expect(invisible[0]).toMatchObject({ phase: 'issued', request: { requester: 'kubernetes-admin' } });
  });

  test("is found in the API server's own log, a line twice with one id", () => {
    const { stdout, status } = runScan(['--format', 'json', recordingPath('apiserver.log')]);
    const { findings, stats } = JSON.parse(stdout);
    expect(status).toBe(1);
    expect(ruleIds(findings)).toEqual([missing, missing, missing, missing]);
    expect(findings.map(({ request }: { request: { name: string } }) => request.name)).toEqual(
      Array.from({ length: 4 }, () => 'invisible'),
    );
    expect(new Set(findings.map(({ id }: { id: string }) => id)).size).toBe(2);
    expect(stats).toMatchObject({ rejected: 0, events: 4 });
  });

  test('is detected if a letter of the resource is percent-encoded in the URI', () => {
    const line =
      '2026-11-23T21:56:15Z AUDIT: id="1" stage="Panic" method="patch" user="mallory" uri="/apis/certificates.k8s.io/v1/%63ertificatesigningrequests/x"\n';
    const { stdout } = runScan(['--format', 'json', '--only', missing], line);
    expect(JSON.parse(stdout).findings).toHaveLength(1);
  });
});

describe('which companion rules match', () => {
  const approval = {
    verb: 'update',
    stage: 'ResponseComplete',
    objectRef: { resource: 'certificatesigningrequests', name: 'x', subresource: 'approval' },
    annotations: { 'authorization.k8s.io/decision': 'allow' },
  };
  const status = { ...approval, objectRef: { ...approval.objectRef, subresource: 'status' } };
  const by = (username: string) => ({ user: { username } });
  const certificate = (signerName?: string, username?: string) => ({
    requestObject: { spec: { signerName, username }, status: { certificate: 'LS0t' } },
  });
  const kubelet = 'kubernetes.io/kube-apiserver-client-kubelet';

  test.each<[string, object, readonly string[]]>([
    ['a node reads a status', { ...status, ...by('system:node:a'), verb: 'get' }, []],
    ['a node patches a status', { ...status, ...by('system:node:a'), verb: 'patch' }, ['node', 'signed']],
    ['EKS approves', { ...approval, ...by('eks:certificate-controller') }, []],
    ['a user eks:x signs', { ...status, ...by('eks:x') }, ['signed', 'eks']],
    [
      'a controller manager without service accounts signs',
      { ...status, ...by('system:kube-controller-manager') },
      [],
    ],
    ['a kube-system account signs', { ...status, ...by('system:serviceaccount:kube-system:a') }, ['signed']],
    [
      'an account of kube-system-evil approves',
      { ...approval, ...by('system:serviceaccount:kube-system-evil:a') },
      [],
    ],
    ['a user reads a certificate', { ...status, ...by('a'), verb: 'get', ...certificate() }, []],
    [
      'a certificate is issued, and the event does not name the signer',
      { ...status, ...by(controller), ...certificate() },
      ['issued'],
    ],
    [
      'a node receives its certificate',
      { ...status, ...by(controller), ...certificate(kubelet, 'system:node:a') },
      [],
    ],
    [
      'kubelet-bootstrap receives a node certificate',
      { ...status, ...by(controller), ...certificate(kubelet, 'kubelet-bootstrap') },
      [],
    ],
    [
      'a person receives a node certificate',
      { ...status, ...by(controller), ...certificate(kubelet, 'mallory') },
      ['issued'],
    ],
    [
      'a node receives a certificate of another signer',
      {
        ...status,
        ...by(controller),
        ...certificate('kubernetes.io/kube-apiserver-client', 'system:node:a'),
      },
      ['issued'],
    ],
    [
      'a trust bundle of another API group is written',
      { ...approval, ...by('a'), objectRef: { resource: 'clustertrustbundles', apiGroup: 'x.io' } },
      [],
    ],
  ])('%s', (_, event, expected) => {
    const short: Readonly<Record<string, string>> = {
      node: 'kubernetes-csr-approved-or-signed-by-node',
      eks: 'kubernetes-csr-written-by-eks-identity',
      signed,
      issued,
    };
    expect(companionsOf(event)).toEqual(expected.map((word) => short[word]));
  });
});

describe('all rules together', () => {
  test('have the names of three resources as literals', () => {
    expect([...(ruleSet.literals ?? [])].sort()).toEqual([
      'certificatesigningrequests',
      'clustertrustbundles',
      'podcertificaterequests',
    ]);
  });

  const { pattern } = ruleSet.filter;
  const linesOf = (name: (typeof recordings)[number]) => recordingText(name).split('\n').filter(Boolean);
  const isMatched = (line: string) => ruleSet.match(recordOf(JSON.parse(line))).length > 0;

  test('have a filter of terms: the names of the resources, and the start of a legacy line', () => {
    expect(pattern.split(' ?').sort()).toEqual([
      '"AUDIT: id="',
      '"clustertrustbundles"',
      '"podcertificaterequests"',
      '?"certificatesigningrequests"',
    ]);
  });

  test.each(recordings)('the filter delivers every event of %s that a rule matches, and its head', (name) => {
    const matched = linesOf(name).filter(isMatched);
    const heads = matched.map((line) => line.slice(0, line.indexOf('"requestReceivedTimestamp"')));
    expect([...matched, ...heads].filter((text) => !deliveredBy(pattern, text))).toEqual([]);
  });

  test('the filter delivers few others', () => {
    const lines = linesOf('eks-normal');
    expect(lines).toHaveLength(1_303);
    // three nodes join; two more events contain the name inside a word
    expect(lines.filter((line) => deliveredBy(pattern, line))).toHaveLength(32);
  });

  test('the filter delivers a line of the legacy format, even if its URI is percent-encoded', () => {
    const line = (uri: string) =>
      `2026-01-02T03:04:05Z AUDIT: id="a" stage="ResponseComplete" method="create" user="u" uri="${uri}" response="201"`;
    const uri = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
    for (const spelling of [uri, `${uri}?fieldManager=x`, uri.replace('cert', '%63ert')]) {
      expect(deliveredBy(pattern, line(spelling))).toBe(true);
    }
  });

  test.each(recordings)(
    'the filter with followed certificates also delivers every use of one in %s',
    (name) => {
      const following = ruleSet.followingFilter.pattern;
      const lines = linesOf(name);
      const needed = lines.filter((line) => line.includes('X509SHA256=') || deliveredBy(pattern, line));
      const spellings = needed.flatMap((line) => [
        line,
        line.replaceAll('X509SHA256=', 'X509SHA256\\u003d'),
        JSON.stringify({ log: line }),
      ]);
      expect(needed.length).toBeGreaterThan(lines.filter((line) => deliveredBy(pattern, line)).length);
      expect(spellings.filter((text) => !deliveredBy(following, text))).toEqual([]);
      const delivered = lines.filter((line) => deliveredBy(following, line));
      expect(delivered.length).toBeLessThan(lines.length);
    },
  );

  test('rules show prints the filter', () => {
    for (const id of [missing, issued]) {
      expect(runCommand('rules', ['show', id]).stdout).toContain(
        '    ?"certificatesigningrequests" ?"AUDIT: id="',
      );
    }
  });
});

describe('each companion rule', () => {
  test.each(ids)('%s has valid shell commands and queries that compile', (id) => {
    const rule = definitions.find(({ info }) => info.id === id)?.info;
    const commands = (rule ? runbookSteps(rule) : []).flatMap((step) => step.commands ?? []);
    const { status, stderr } = spawnSync('bash', ['-n'], { input: commands.join('\n'), encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const command of commands.filter((line) => line.includes('scan -- '))) {
      const [, query = ''] = /--query '(.*)' \S+$/.exec(command) ?? [];
      expect(compile(query, auditSchema(csrwatchFields)), query).toMatchObject({ ok: true, warnings: [] });
    }
  });

  test.each(ids)('%s has steps that fit a chat message and leave no variable to set', (id) => {
    const rule = definitions.find(({ info }) => info.id === id)?.info;
    const steps = rule ? runbookSteps(rule) : [];
    expect(steps.length).toBeGreaterThan(0);
    for (const { say, commands = [] } of steps) {
      expect(say).toMatch(/^[A-Z].{10,339}[.?:]$/);
      for (const command of commands) expect(command).not.toMatch(/\$[A-Z]|<[a-z]+>/);
    }
  });

  test.each(ids)('%s has a description, steps, references, hits and near misses', (id) => {
    const rule = loaded.rules.find(({ definition }) => definition.info.id === id);
    const { info } = rule?.definition ?? {};
    expect(info?.description?.length).toBeGreaterThan(100);
    expect(info?.runbook).toMatch(/^1\. /);
    expect(info?.runbook).toMatch(/^ {7}(kubectl|npx csrwatch scan) /m);
    for (const list of [info?.falsePositives, info?.references, info?.threat, info?.tags]) {
      expect(list?.length).toBeGreaterThan(0);
    }
    expect(new Set(rule?.examples.map(({ matches }) => matches)).size).toBe(2);
  });

  test.each(ids)('%s can be switched off, and run by itself', (id) => {
    const logGroups = [{ name: '/aws/eks/prod/cluster' }];
    const deployed = deployedRules(parseConfig({ logGroups, disabledRules: [id] }, 'test'));
    expect(deployed.definitions.map(({ info }) => info.id).sort()).toEqual(
      definitions
        .map(({ info }) => info.id)
        .filter((other) => other !== id)
        .sort(),
    );
    const { stdout, status } = runScan(['--format', 'json', '--only', id], '');
    expect({ status, findings: JSON.parse(stdout).findings }).toEqual({ status: 0, findings: [] });
  });
});

test('with its exception on, nothing that cert-manager does is found by any rule', () => {
  const { stdout } = runScan([
    ...['--format', 'json', '--except', 'cert-manager'],
    recordingPath('selfmanaged.ndjson.gz'),
  ]);
  const { findings } = JSON.parse(stdout);
  const names = findings.map(({ actor }: { actor: { name: string } }) => actor.name);
  expect(names).toContain('carol@example.com');
  expect(names).not.toContain('system:serviceaccount:cert-manager:cert-manager');
  expect(findings.some(({ rule }: { rule: { id: string } }) => rule.id === base)).toBe(true);
});
