import { expect, test } from 'vitest';
import { againLines } from '../../lambda/alerts/wording/alert-lines.ts';
import type { AuditEvent } from '../../lambda/audit/audit-record.ts';
import { factsOf } from '../../lambda/findings/build-finding.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { findingTextWithin } from '../../lambda/findings/finding-json.ts';
import { certificateToFollow } from '../../lambda/follow/followed-certificate.ts';
import { useFindings } from '../../lambda/follow/use-findings.ts';
import { at } from '../../lambda/json/read-json.ts';
import { recordingText } from '../recordings.ts';
import { email, message, sms } from './samples.ts';
import { findingComplaints } from './schemas.ts';

const events: AuditEvent[] = recordingText('selfmanaged')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));
const recordOf = (event: AuditEvent) => ({
  event,
  format: 'json' as const,
  cluster: 'prod',
  place: { origin: { kind: 'file' as const, path: 'audit.log' } },
});

/** The use of bob's certificate, with how it was issued. */
async function useFinding(): Promise<Finding> {
  const issuance = events.find(
    (event) =>
      event['requestURI'] === '/apis/certificates.k8s.io/v1/certificatesigningrequests/bob-laptop/status' &&
      event['stage'] === 'ResponseComplete',
  );
  const use = events.find(
    (event) =>
      at(event, 'user', 'username') === 'bob' &&
      at(event, 'objectRef', 'resource') === 'secrets' &&
      event['stage'] === 'ResponseComplete',
  );
  const followed = certificateToFollow(await factsOf(recordOf(issuance ?? {})));
  if (!followed) throw new Error('the certificate is not followed');
  const info = { id: 'used', name: 'Issued Certificate Used', severity: 'critical', riskScore: 99 } as const;
  const [found] = await useFindings(recordOf(use ?? {}), followed, [{ info, matches: () => true }]);
  if (!found) throw new Error('no finding');
  const actions = [
    { verb: 'list', resource: 'pods', count: 1, refused: 0 },
    { verb: 'list', resource: 'secrets', namespace: 'kube-system', count: 2, refused: 1 },
  ];
  return {
    ...found,
    uses: { count: 3, first: '2026-11-23T21:56:10Z', last: '2026-11-23T21:56:11Z', actions },
  };
}

test('an alert about the use of a certificate states its subject, its requester, and the requests made with it', async () => {
  const text = email(await useFinding());
  expect(text.split('\n')[0]).toBe(
    'CRITICAL in prod: the client certificate for CN="bob", O="oidc:security" that "kubernetes-admin" requested is being used from 198.51.100.77 (3 requests so far). "bob" listed secrets. It succeeded.',
  );
  for (const fact of [
    /^Issued: +2026-11-23 21:56:10 UTC$/m,
    /^From CSR: +"bob-laptop"$/m,
    /^Requested by: +"kubernetes-admin"$/m,
    /^Valid: +.* to 2027-11-23 21:51:10 UTC$/m,
    /^Certificate: +CN="bob", O="oidc:security"$/m,
    /^First used: +2026-11-23 21:56:10 UTC from 198\.51\.100\.77 with "kubectl/m,
    /^Uses: +3 requests from this address with this client in this log, from 2026-11-23 21:56:10 UTC to /m,
    /^Actions: +list pods, list secrets in kube-system \(2 times\): 1 refused$/m,
    /^Address: +198\.51\.100\.77$/m,
  ])
    expect(text).toMatch(fact);
});

test('a correction of an alert about a use states no phase: the use of a certificate has none', async () => {
  const leading = await useFinding();
  const before = {
    sentAtMs: 0,
    gravities: [{ severity: 'high', outcome: 'refused', phase: 'modified' }],
  } as const;
  const lead = { leading, others: [], before };
  expect(againLines({ lead, events: [lead] })).toEqual([
    expect.stringMatching(
      /It stated: severity high, outcome refused\. Now it is: severity critical, outcome succeeded\.$/,
    ),
  ]);
});

test('its steps name the requester, the permissions to remove and the rotation of the CA', async () => {
  const text = email(await useFinding());
  expect(text).toContain('Ask the requester of the certificate');
  expect(text).toContain('kubectl edit clusterrolebinding security');
  expect(text).toContain(
    "kubectl get clusterrolebindings,rolebindings -A -o wide | grep -F -e 'bob' -e 'oidc:security'",
  );
  expect(text).toContain("only rotating the cluster's CA ends the certificate");
});

test('an SMS states that a certificate is used, and who uses it', async () => {
  expect(sms(await useFinding())).toContain('"bob" used an issued certificate to list secrets');
});

test('a subject without room for the request states the use without it', async () => {
  const found = await useFinding();
  const actor = { ...found.actor, name: `system:serviceaccount:${'a'.repeat(80)}` };
  const subject = message('text', {
    ...found,
    cluster: 'a-cluster-of-20-char',
    actor,
    outcome: 'refused',
  }).subject;
  expect(subject).toMatch(/ used an issued certificate \(refused\)$/);
});

test('a refused request is described as an attempt', async () => {
  const [first] = email({ ...(await useFinding()), outcome: 'refused', responseCode: 403 }).split('\n');
  expect(first).toMatch(
    / "bob" tried to list secrets\. The API server refused the request \(403\), so it changed nothing\.$/,
  );
});

test('a truncated finding keeps how the certificate was issued and how often it was used', async () => {
  const text = findingTextWithin(await useFinding(), 1_000);
  const truncated = JSON.parse(text);
  expect(truncated).toMatchObject({ issuance: { csrName: 'bob-laptop' }, uses: { count: 3 } });
  expect(findingComplaints(truncated)).toEqual([]);
});
