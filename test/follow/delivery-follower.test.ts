import { expect, test } from 'vitest';
import { detectionRulesOf } from '../../lambda/detector-of-rules.ts';
import { DeliveryFollower } from '../../lambda/follow/delivery-follower.ts';
import type { FollowedCertificate } from '../../lambda/follow/followed-certificate.ts';
import { storable } from '../../lambda/follow/storable-certificate.ts';
import { mostReadCertificates, WatchList, type WatchTable } from '../../lambda/follow/watch-list.ts';
import { builtInRules } from '../../lambda/rules/built-in.ts';
import { loadRules } from '../../lambda/rules/load-rules.ts';
import { certificate as bobs, certificateLogs } from '../fixtures/recordings/write-certificate-uses.ts';

const rule = 'kubernetes-issued-certificate-used';
const loaded = loadRules([builtInRules]);
const definitions = loaded.ok ? loaded.rules.map(({ definition }) => definition) : [];

/** The rules with one exception for uses. */
function rulesWith(query?: string) {
  const exception = { name: 'known', reason: 'a test', rules: [rule], file: 'a test' };
  const exceptions = query === undefined ? [] : [{ ...exception, query }];
  return detectionRulesOf(
    definitions.map((definition) =>
      definition.info.id === rule ? { ...definition, exceptions } : definition,
    ),
  );
}

const followed: FollowedCertificate = {
  certificate: {
    sha256: bobs,
    subject: {
      ...{ commonName: 'bob', organizations: ['oidc:security'] },
      ...{ dnsNames: [], ipAddresses: [], emailAddresses: [], uris: [] },
    },
  },
  cluster: 'prod',
  issuance: { signerName: 'kubernetes.io/kube-apiserver-client', requester: 'kubernetes-admin' },
};

const table: WatchTable = {
  read: async () => [followed],
  add: async () => true,
  addByHand: async () => true,
  remove: async () => true,
  addFirstUse: async () => {},
};

const record = (event: object) => ({
  event: { ...event },
  format: 'json' as const,
  cluster: 'prod',
  place: { origin: { kind: 'file' as const, path: 'audit.log' } },
});

async function followerOf(query?: string, stores = true) {
  const watchList = new WatchList(table, Date.now);
  await watchList.refresh();
  const { useRules } = rulesWith(query);
  return new DeliveryFollower({ watchList, stores, useRules: async () => useRules, log: () => {} });
}

test.each([
  ['nothing', undefined, 3],
  ['the subject', 'csrwatch.subject.common_name:"bob"', 0],
  ['a group of the subject', 'csrwatch.subject.organization:"oidc:security"', 0],
  ['the signer', 'csrwatch.signer:"kubernetes.io/kube-apiserver-client"', 0],
  ['the requester', 'csrwatch.requester:"kubernetes-admin"', 0],
  ['the fingerprint', `csrwatch.certificate.sha256:"${bobs}"`, 0],
  ['another subject', 'csrwatch.subject.common_name:"carol"', 3],
  ['another signer', 'csrwatch.signer:"example.com/signer"', 3],
])('with an exception that names %s, the uses are findings or not', async (_, query, clients) => {
  const follower = await followerOf(query);
  for (const event of certificateLogs['certificate-used']) follower.use(record(event));
  const findings = await follower.findings();
  expect(findings).toHaveLength(clients);
  for (const finding of findings)
    expect(finding).toMatchObject({
      severity: 'critical',
      certificate: { sha256: bobs },
      rule: { id: rule },
    });
});

test('a delivery that issues a certificate is read again for it, and with `stores` it is added', async () => {
  const { detector } = rulesWith();
  for (const stores of [true, false]) {
    const added: string[] = [];
    const watchList = new WatchList(
      {
        ...table,
        read: async () => [],
        add: async ({ certificate, issuance }) =>
          added.push(`${certificate.sha256} ${issuance.findingId}`) > 0,
      },
      Date.now,
    );
    const follower = new DeliveryFollower({ watchList, stores, useRules: async () => [], log: () => {} });
    expect(follower.uses).toBeUndefined();
    const issued: string[] = [];
    for (const event of certificateLogs['certificate-issued']) {
      const findings = (await detector.evaluate(record(event))) ?? [];
      await follower.addIssued(findings);
      for (const { certificate, id } of findings)
        if (certificate?.sha256 === bobs) issued.push(`${bobs} ${id}`);
    }
    expect(follower.hasIssued).toBe(true);
    expect(added.filter((text) => text.startsWith(bobs))).toEqual(stores ? issued.slice(0, 1) : []);
  }
});

test('an exception sees a group of the login that the list did not keep', async () => {
  const groups = [...Array.from({ length: 30 }, (_, index) => `group-${index}`), 'system:masters'];
  const subject = {
    ...{ commonName: 'bob', organizations: groups },
    ...{ dnsNames: [], ipAddresses: [], emailAddresses: [], uris: [] },
  };
  const kept = storable({ ...followed, certificate: { ...followed.certificate, subject } });
  expect(kept.certificate.subject?.organizations).not.toContain('system:masters');
  const watchList = new WatchList({ ...table, read: async () => [kept] }, Date.now);
  await watchList.refresh();
  const query = 'csrwatch.subject.common_name:"bob" and not csrwatch.subject.organization:"system:masters"';
  const { useRules } = rulesWith(query);
  const ports = { watchList, stores: true, useRules: async () => useRules, log: () => {} };
  for (const [login, count] of [
    [groups, 1],
    [groups.slice(0, -1), 0],
  ] as const) {
    const follower = new DeliveryFollower(ports);
    const [use] = certificateLogs['certificate-used'];
    const extra = { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${bobs}`] };
    const user = { username: 'bob', groups: [...login, 'system:authenticated'], extra };
    follower.use(record({ ...use, user }));
    expect(await follower.findings()).toHaveLength(count);
  }
});

test('a request with several certificates is a use of each that is followed', async () => {
  const certificates = [bobs, 'ab'.repeat(32)];
  const ofCertificate = (sha256: string) => ({
    ...followed,
    certificate: { ...followed.certificate, sha256 },
  });
  const watchList = new WatchList({ ...table, read: async () => certificates.map(ofCertificate) }, Date.now);
  await watchList.refresh();
  const { useRules } = rulesWith();
  const ports = { watchList, stores: true, useRules: async () => useRules, log: () => {} };
  const follower = new DeliveryFollower(ports);
  const ids = ['cd'.repeat(32), ...certificates].map((sha256) => `X509SHA256=${sha256}`);
  const [use] = certificateLogs['certificate-used'];
  const user = { username: 'bob', extra: { 'authentication.kubernetes.io/credential-id': ids } };
  follower.use(record({ ...use, user }));
  const findings = await follower.findings();
  expect(findings.map(({ certificate, uses }) => [certificate?.sha256, uses?.count])).toEqual(
    certificates.map((sha256) => [sha256, 1]),
  );
});

test('a list that is too long to be read as a whole is reported as full', async () => {
  const many = Array.from({ length: mostReadCertificates }, (_, index) => ({
    ...followed,
    certificate: { sha256: index.toString(16).padStart(64, '0') },
  }));
  for (const [read, full] of [
    [many, 1],
    [many.slice(1), undefined],
  ] as const) {
    const watchList = new WatchList({ ...table, read: async () => read }, Date.now);
    await watchList.refresh();
    const ports = { watchList, stores: true, useRules: async () => [], log: () => {} };
    expect(new DeliveryFollower(ports).counts.WatchListFull).toBe(full);
  }
});
