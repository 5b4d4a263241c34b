import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { AuditRecord, Origin } from '../lambda/audit/audit-record.ts';
import { auditSchema } from '../lambda/audit/fields.ts';
import { readLegacyLine } from '../lambda/audit/legacy-line.ts';
import { createDetector } from '../lambda/detector.ts';
import { buildFinding } from '../lambda/findings/build-finding.ts';
import { csrwatchFields } from '../lambda/findings/csrwatch-fields.ts';
import type { Finding } from '../lambda/findings/finding.ts';
import { stringAt } from '../lambda/json/read-json.ts';
import { builtInRules } from '../lambda/rules/built-in.ts';
import { compileRules } from '../lambda/rules/compile-rules.ts';
import { loadRules } from '../lambda/rules/load-rules.ts';
import { printProblem } from '../lambda/rules/rule-problem.ts';

/** What somebody is paged for, with the findings of the events that the recordings hold of it. */
export interface Situation {
  readonly title: string;
  readonly story: string;
  readonly findings: readonly Finding[];
}

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

/** The six situations of docs/pages.md. */
export async function situations(): Promise<Situation[]> {
  const onEks = recorded('eks-attacks', eks, 'prod');
  const onprem = recorded('selfmanaged', bucket, 'onprem');
  return [
    {
      title: "A request for a name of the cluster's own",
      story:
        "The stolen kubeconfig of an administrator asks for a client certificate as system:admin, by server-side apply. It isn't approved yet.",
      findings: await found(onprem.filter(is('tooling', { subresource: undefined, code: '201' }))),
    },
    {
      title: 'Approved by whoever asked',
      story:
        "A pod's token, used with curl from outside, approves its own request for the controller manager's name. It is EKS, so nothing comes of it.",
      findings: await found(onEks.filter(is('backup-agent', { subresource: 'approval' }))),
    },
    {
      title: 'A certificate is out',
      story: "The controller manager issues what the administrator's stolen session asked for and approved.",
      findings: await found(onprem.filter(is('bob-laptop', { subresource: 'status' }))),
    },
    {
      title: 'A refused attempt',
      story: 'The same token asks for the group system:masters. RBAC allows it, admission does not.',
      findings: await found(onEks.filter(is('ops', { subresource: undefined, code: '403' }))),
    },
    {
      title: 'The request that the audit log lacks',
      story:
        'An approval by server-side apply with a YAML body: the API server could not encode its audit event, and says so in its own log.',
      findings: await found(legacyLines().filter(is('invisible', { subresource: 'approval' }))),
    },
    {
      title: 'A burst',
      story: 'All that the stolen token did on EKS, in one delivery: one page.',
      findings: (
        await found(
          onEks.filter(
            ({ event }) => stringAt(event, 'user', 'username') === 'system:serviceaccount:payments:checkout',
          ),
        )
      ).filter(({ rule }) => rule.id === 'kubernetes-csr-created-or-approved'),
    },
  ];
}

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

/** The API server's own log holds each line twice: once a backend. */
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

/** By the rules that ship with csrwatch; an event that none of them matches is shown as a rule of one's own would find it. */
async function found(records: readonly AuditRecord[]): Promise<Finding[]> {
  const detector = builtInDetector();
  const own = {
    id: 'a-rule-of-your-own',
    name: 'A rule of your own',
    severity: 'high',
    riskScore: 73,
  } as const;
  const findings = await Promise.all(
    records.map(async (record) => (await detector.evaluate(record)) ?? [await buildFinding(record, own)]),
  );
  return findings.flat();
}

function builtInDetector() {
  const loaded = loadRules([builtInRules]);
  if (!loaded.ok) throw new Error('the built-in rules do not load');
  const compiled = compileRules(
    loaded.rules.map(({ definition }) => definition),
    auditSchema(csrwatchFields),
  );
  if (!compiled.ok) throw new Error(compiled.errors.map(printProblem).join('\n'));
  return createDetector(compiled.ruleSet);
}
