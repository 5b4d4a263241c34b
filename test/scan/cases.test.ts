import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { createDetector, type Detector } from '../../lambda/detector.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { builtInRules, exceptionPath, predefinedNames } from '../../lambda/rules/built-in.ts';
import { compileRules } from '../../lambda/rules/compile-rules.ts';
import { loadRules } from '../../lambda/rules/load-rules.ts';
import { namedCluster } from '../../lambda/scan/cluster-name.ts';
import { scan } from '../../lambda/scan/scan-input.ts';

/** Small inputs that look harmless, unreadable or routine to a careless program, each with the correct findings. */
const folder = new URL('../fixtures/cases/', import.meta.url);

function detectorWith(...exceptions: readonly string[]): Detector {
  const loaded = loadRules([builtInRules, ...exceptions.map(exceptionPath)]);
  if (!loaded.ok) throw new Error('the rules load');
  const compiled = compileRules(
    loaded.rules.map(({ definition }) => definition),
    auditSchema(csrwatchFields),
  );
  if (!compiled.ok) throw new Error('the rules compile');
  return createDetector(compiled.ruleSet);
}

const allRules = detectorWith();

async function scanCase(name: string, detector = allRules) {
  const findings: Finding[] = [];
  const report = await scan(
    {
      origin: { kind: 'file', path: name },
      cluster: namedCluster(null),
      async *open() {
        yield readFileSync(new URL(name, folder));
      },
    },
    {
      literals: detector.literals,
      onRecord: async (record) => void findings.push(...((await detector.evaluate(record)) ?? [])),
    },
  );
  return { findings, report };
}

/** The expected rule, phase, outcome, severity, and the signals that determine it. */
const deciding: ReadonlySet<string> = new Set([
  ...['privileged-subject', 'reserved-subject', 'node-join', 'self-approval', 'issued-to-non-system'],
  ...['body-missing', 'refused-attempt', 'dry-run', 'unparseable-request'],
]);
const summaryOf = ({ rule, phase, outcome, severity, signals }: Finding) =>
  [
    rule.id.replace('kubernetes-csr-', ''),
    phase,
    outcome,
    severity,
    ...signals.map(({ id }) => id).filter((id) => deciding.has(id)),
  ].join(' ');

const requested = 'created-or-approved requested succeeded high';
const cut = 'write-truncated requested succeeded high';

const cases: Readonly<Record<string, readonly string[]>> = {
  'aks-body-absent-control.ndjson': [
    `${requested} body-missing`,
    'created-or-approved decided succeeded high body-missing',
  ],
  'aks-body-placeholder.json': [
    `${requested} body-missing`,
    'created-or-approved decided succeeded high body-missing',
  ],
  'aksaudit-table.json': [requested],
  'approval-504.ndjson': ['created-or-approved approved unknown high'],
  'approval-decoy-denied.ndjson': ['created-or-approved approved succeeded critical self-approval'],
  'approval-honest-control.ndjson': ['created-or-approved approved succeeded critical self-approval'],
  'container-azure-records.json': [requested],
  'container-filter-log-events.json': [requested],
  'container-otlp.json': [requested],
  'common-name-as-prose.ndjson': [requested],
  'control-characters.ndjson': [requested],
  'cut-behind-journald.log': [cut],
  'cut-behind-node-name.log': [cut],
  'dryrun-double-question.ndjson': [requested],
  'eks-prefixed-user.ndjson': [
    'written-by-eks-identity requested succeeded high',
    'written-by-eks-identity approved succeeded critical self-approval',
  ],
  'eks-cut-message.txt': [`${cut} body-missing`],
  'gke-cloud-audit.ndjson': [requested],
  'impersonating-proxy-kube-system.ndjson': [
    'written-by-impersonating-system-identity requested succeeded high',
  ],
  'insights.csv': [requested, requested],
  'json-patch-slashes.ndjson.gz': Array.from(
    { length: 8 },
    () => 'created-or-approved modified refused high refused-attempt',
  ),
  'kubelet-serving-approver.ndjson': ['created-or-approved approved succeeded high reserved-subject'],
  'legacy-quadratic-16k.log': [],
  'name-as-prose.ndjson': ['created-or-approved approved succeeded critical self-approval'],
  'nul-after-short-line.log': [requested, requested],
  'nul-in-record.log': [requested, requested],
  'openshift-node-join.ndjson': [
    `${requested} node-join`,
    'created-or-approved approved succeeded high node-join',
    'certificate-issued issued succeeded high node-join',
    'created-or-approved approved succeeded high reserved-subject',
    'created-or-approved requested succeeded critical privileged-subject',
    'created-or-approved approved succeeded critical privileged-subject self-approval',
    'certificate-issued issued succeeded critical privileged-subject issued-to-non-system',
  ],
  'ovn-node-certificate.ndjson': [
    'requested-by-node-for-other-signer requested succeeded critical privileged-subject',
    'created-or-approved approved succeeded critical privileged-subject',
    'certificate-issued issued succeeded critical privileged-subject',
  ],
  'cut-line-with-planted-event.ndjson': [],
  'parts-cri.log': [requested, requested],
  'parts-docker.json': [requested, requested],
  'pem-preamble-padded.ndjson.gz': ['created-or-approved requested succeeded critical privileged-subject'],
  'timeout-504.ndjson': [
    'created-or-approved requested unknown high',
    'created-or-approved approved unknown critical self-approval',
    'created-or-approved requested unknown high',
  ],
};

test.each(Object.entries(cases))('%s', async (name, wanted) => {
  const { findings, report } = await scanCase(name);
  expect(findings.map(summaryOf)).toEqual(wanted);
  expect(report.fault).toBeUndefined();
});

test('the table has the expected findings of every case', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(cases).sort());
});

test('a record that was cut off counts as rejected, too', async () => {
  for (const name of ['cut-behind-journald.log', 'cut-behind-node-name.log', 'eks-cut-message.txt']) {
    const { report } = await scanCase(name);
    expect(report).toMatchObject({ records: 1, events: 1, rejected: 1 });
    expect(report.rejections[0]?.reason).toMatch(/^truncated/);
  }
});

test.each([
  ['openshift-node-join.ndjson', 'openshift'],
  ['ovn-node-certificate.ndjson', 'ovn-kubernetes'],
])(
  'nothing of %s is found with the exception %s, and everything with the others',
  async (name, exception) => {
    expect((await scanCase(name, detectorWith(exception))).findings).toEqual([]);
    const others = predefinedNames().filter((other) => other !== exception);
    const { findings } = await scanCase(name, detectorWith(...others));
    expect(findings.map(summaryOf)).toEqual(cases[name]);
  },
);

test('no predefined exception suppresses a finding of another case', async () => {
  const detector = detectorWith(...predefinedNames());
  for (const [name, wanted] of Object.entries(cases)) {
    if (/^(openshift|ovn)-/.test(name)) continue;
    expect((await scanCase(name, detector)).findings.map(summaryOf), name).toEqual(wanted);
  }
});
