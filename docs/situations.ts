import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { AuditRecord, Origin } from '../lambda/audit/audit-record.ts';
import { auditSchema } from '../lambda/audit/fields.ts';
import { readLegacyLine } from '../lambda/audit/legacy-line.ts';
import { createDetector } from '../lambda/detector.ts';
import { buildFinding } from '../lambda/findings/build-finding.ts';
import { csrwatchFields } from '../lambda/findings/csrwatch-fields.ts';
import type { Finding } from '../lambda/findings/finding.ts';
import { certificateToFollow } from '../lambda/follow/followed-certificate.ts';
import { RequestCounter } from '../lambda/follow/request-counter.ts';
import { useFindings } from '../lambda/follow/use-findings.ts';
import { UseGroups } from '../lambda/follow/use-groups.ts';
import { usedCertificatesOf } from '../lambda/follow/used-certificate.ts';
import { stringAt } from '../lambda/json/read-json.ts';
import { builtInRules } from '../lambda/rules/built-in.ts';
import { compileRules } from '../lambda/rules/compile-rules.ts';
import { loadRules } from '../lambda/rules/load-rules.ts';
import { printProblem } from '../lambda/rules/rule-problem.ts';

/** An example of what csrwatch alerts about. */
interface Summary {
  /** The name of its page in docs/alerts/. */
  readonly slug: string;
  readonly title: string;
  readonly story: string;
}

/** With the findings of its events in the recordings. */
export interface Situation extends Summary {
  readonly findings: readonly Finding[];
}

export const summaries: readonly Summary[] = [
  {
    slug: 'privileged-subject',
    title: 'A request for a reserved name',
    story:
      'With the stolen kubeconfig of an administrator, an attacker requests a client certificate for `system:admin` by server-side apply. It is not approved yet.',
  },
  {
    slug: 'self-approval',
    title: 'An approval by the requester',
    story:
      'With the token of a pod, an attacker uses curl from outside to approve a request for the name of the controller manager. The cluster is EKS, so no certificate is issued.',
  },
  {
    slug: 'issued-certificate',
    title: 'An issued certificate',
    story:
      'The controller manager issues the certificate that a stolen session of the administrator requested and approved.',
  },
  {
    slug: 'used-certificate',
    title: 'An issued certificate is used',
    story:
      'With the issued certificate, someone asks which user it belongs to, and lists the pods and the secrets. csrwatch follows the certificate from its issuance, and alerts about its first use by each client.',
  },
  {
    slug: 'refused-attempt',
    title: 'A refused attempt',
    story: 'The same token requests the group `system:masters`. RBAC allows it, admission does not.',
  },
  {
    slug: 'missing-audit-event',
    title: 'A request that is missing from the audit log',
    story:
      'An approval by server-side apply with a YAML body: the API server could not encode its audit event, and reported that in its own log.',
  },
  {
    slug: 'burst',
    title: 'A burst',
    story: 'Everything that the stolen token did on EKS, in one delivery: one alert.',
  },
];

const recordings = new URL('../test/fixtures/recordings/', import.meta.url);

const eks: Origin = {
  kind: 'log-stream',
  account: '111122223333',
  region: 'eu-central-1',
  logGroup: '/aws/eks/prod/cluster',
  logStream: 'kube-apiserver-audit-0123456789abcdef0123456789abcdef',
};

const bucket: Origin = {
  kind: 'object',
  account: '111122223333',
  region: 'eu-central-1',
  bucket: 'audit-logs-111122223333',
  key: 'onprem/2026/11/23/audit-21.log.gz',
};

/** The situations with their findings. */
export async function situations(): Promise<Situation[]> {
  const onEks = recorded('eks-attacks', eks, 'prod');
  const onprem = recorded('selfmanaged', bucket, 'onprem');
  const byToken = ({ event }: AuditRecord) =>
    stringAt(event, 'user', 'username') === 'system:serviceaccount:payments:checkout';
  const records: Readonly<Record<string, readonly AuditRecord[]>> = {
    'privileged-subject': onprem.filter(is('tooling', { subresource: undefined, code: '201' })),
    'self-approval': onEks.filter(is('backup-agent', { subresource: 'approval' })),
    'issued-certificate': onprem.filter(is('bob-laptop', { subresource: 'status' })),
    'refused-attempt': onEks.filter(is('ops', { subresource: undefined, code: '403' })),
    'missing-audit-event': legacyLines().filter(is('invisible', { subresource: 'approval' })),
    burst: onEks.filter(byToken),
  };
  return Promise.all(
    summaries.map(async (summary) => {
      if (summary.slug === 'used-certificate') return { ...summary, findings: await used(onprem) };
      const findings = await found(records[summary.slug] ?? []);
      const isBurst = summary.slug === 'burst';
      return {
        ...summary,
        findings: isBurst ? findings.filter(({ rule }) => rule.id === baseRule) : findings,
      };
    }),
  );
}

const baseRule = 'kubernetes-csr-created-or-approved';

function is(name: string, want: { readonly subresource: string | undefined; readonly code?: string }) {
  return ({ event }: AuditRecord): boolean =>
    stringAt(event, 'objectRef', 'resource') === 'certificatesigningrequests' &&
    stringAt(event, 'objectRef', 'name') === name &&
    stringAt(event, 'objectRef', 'subresource') === want.subresource &&
    stringAt(event, 'stage') === 'ResponseComplete' &&
    !['get', 'list', 'watch', 'delete'].includes(stringAt(event, 'verb') ?? '') &&
    (want.code === undefined || JSON.stringify(event['responseStatus']).includes(want.code));
}

function recorded(name: string, origin: Origin, cluster: string): AuditRecord[] {
  const text = gunzipSync(readFileSync(new URL(`${name}.ndjson.gz`, recordings))).toString('utf8');
  return text
    .split('\n')
    .flatMap((line, index) => (line === '' ? [] : [{ event: JSON.parse(line), line: index + 1 }]))
    .map(({ event, line }) => ({
      event,
      format: 'json',
      cluster,
      place:
        origin.kind === 'log-stream'
          ? {
              origin,
              logEventId: `3911${String(line).padStart(52, '0')}`,
              logEventTimestamp: Date.parse(event.stageTimestamp),
            }
          : { origin, line },
    }));
}

/** The API server's own log contains each line twice, once per audit backend. */
function legacyLines(): AuditRecord[] {
  const lines = readFileSync(new URL('apiserver.log', recordings), 'utf8').split('\n');
  const seen = new Set<string>();
  return lines.flatMap((text, index): AuditRecord[] => {
    const event = readLegacyLine(text);
    if (event === undefined || seen.has(text)) return [];
    seen.add(text);
    const place = {
      origin: { ...bucket, key: 'onprem/2026/11/23/kube-apiserver-21.log.gz' },
      line: index + 1,
    };
    return [{ event, format: 'legacy', cluster: 'onprem', place }];
  });
}

/** The findings of the built-in rules. An event that none of them matches is shown as the finding of a custom rule. */
async function found(records: readonly AuditRecord[]): Promise<Finding[]> {
  const detector = builtInDetector();
  const own = {
    id: 'custom-rule',
    name: 'A custom rule',
    severity: 'high',
    riskScore: 73,
  } as const;
  const findings = await Promise.all(
    records.map(async (record) => (await detector.evaluate(record)) ?? [await buildFinding(record, own)]),
  );
  return findings.flat();
}

/** The use of the certificate that was issued to bob. */
async function used(records: readonly AuditRecord[]): Promise<Finding[]> {
  const { useRules } = builtInRuleSet();
  const issuance = records.find(is('bob-laptop', { subresource: 'status' }));
  const [finding] = issuance ? await found([issuance]) : [];
  const followed = finding && certificateToFollow(finding);
  if (!followed) throw new Error('the recording does not issue the certificate');
  const withFinding = { ...followed, issuance: { ...followed.issuance, findingId: finding.id } };
  const [requests, groups] = [new RequestCounter(), new UseGroups()];
  for (const record of records) {
    if (usedCertificatesOf(record.event).includes(followed.certificate.sha256))
      groups.add(record, withFinding, requests.isNew(record));
  }
  const findings = groups.take().map(async ({ first, uses }) => {
    const matched = await useFindings(first, withFinding, useRules);
    return matched.map((each) => ({ ...each, uses }));
  });
  return (await Promise.all(findings)).flat();
}

function builtInDetector() {
  return createDetector(builtInRuleSet());
}

function builtInRuleSet() {
  const loaded = loadRules([builtInRules]);
  if (!loaded.ok) throw new Error('the built-in rules do not load');
  const compiled = compileRules(
    loaded.rules.map(({ definition }) => definition),
    auditSchema(csrwatchFields),
  );
  if (!compiled.ok) throw new Error(compiled.errors.map(printProblem).join('\n'));
  return compiled.ruleSet;
}
