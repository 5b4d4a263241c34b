import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../lambda/audit/audit-record.ts';
import { factsOf } from '../../lambda/findings/build-finding.ts';
import { certificateToFollow } from '../../lambda/follow/followed-certificate.ts';
import { usedCertificatesOf } from '../../lambda/follow/used-certificate.ts';
import { at, stringAt } from '../../lambda/json/read-json.ts';
import { eventsOf, recordings } from '../recordings.ts';

const factsOfEvent = (event: AuditEvent) =>
  factsOf({ event, format: 'json', cluster: 'prod', place: { origin: { kind: 'file', path: 'log' } } });
const followedAfter = async (event: AuditEvent) => certificateToFollow(await factsOfEvent(event));

const events = [...eventsOf('selfmanaged').values()];

/** The write of the certificate into the status of a request. */
function issuanceOf(name: string): AuditEvent {
  const found = events.find(
    (event) =>
      stringAt(event, 'objectRef', 'name') === name &&
      stringAt(event, 'objectRef', 'subresource') === 'status' &&
      at(event, 'responseObject', 'status', 'certificate') !== undefined,
  );
  if (found === undefined) throw new Error(`no issuance of ${name}`);
  return found;
}

const issuance = issuanceOf('bob-laptop');
const fingerprint = '8ef7b2bf21614a0e7c9';

/** The issuance with changes in the object that the API server stored. */
function changed(spec: object, status: object = {}, changes: object = {}): AuditEvent {
  const { requestObject: _, ...event } = issuance;
  const object = Object(event['responseObject']);
  return {
    ...event,
    responseObject: {
      ...object,
      spec: { ...object.spec, ...spec },
      status: { ...object.status, ...status },
    },
    ...changes,
  };
}

const certificateOf = (event: AuditEvent) => at(event, 'responseObject', 'status', 'certificate');

describe('of the recordings', () => {
  test('every login certificate is followed, except those of nodes for themselves', async () => {
    const followed = new Set<string>();
    for (const recording of recordings) {
      for (const event of eventsOf(recording).values()) {
        const found = await followedAfter(event);
        if (found) followed.add(`${recording}: ${found.issuance.csrName}`);
      }
    }
    const names = ['backup', 'bob-laptop', 'carol-2', 'eve', 'invisible', 'sched', 'tooling'];
    expect([...followed].sort()).toEqual(names.map((name) => `selfmanaged: ${name}`));
  });

  test('what is followed states how the certificate was issued', async () => {
    expect(await followedAfter(issuance)).toMatchObject({
      cluster: 'prod',
      certificate: { sha256: expect.stringContaining(fingerprint), subject: { commonName: 'bob' } },
      issuance: {
        csrName: 'bob-laptop',
        signerName: 'kubernetes.io/kube-apiserver-client',
        requester: 'kubernetes-admin',
        time: '2026-11-23T21:56:10.925019Z',
      },
    });
    expect((await followedAfter(issuance))?.issuance).not.toHaveProperty('requestMissing');
  });
});

describe('a certificate', () => {
  test.each<[string, AuditEvent]>([
    ['of a server', changed({ usages: ['server auth'] })],
    ['of another signer', changed({ signerName: 'example.com/signer' })],
    ['whose write was refused', changed({}, {}, { responseStatus: { code: 403 } })],
    ['of a dry run', changed({}, {}, { requestURI: `${issuance['requestURI']}?dryRun=All` })],
    ['that cannot be read', changed({}, { certificate: 'AAAA' })],
    [
      'of another API group',
      changed({}, {}, { objectRef: { ...Object(issuance['objectRef']), apiGroup: 'example.com' } }),
    ],
  ])('%s is not followed', async (_, event) => {
    expect(await followedAfter(event)).toBeUndefined();
  });

  test('whose key is not the request’s gets a signal and is not followed', async () => {
    const planted = changed({}, { certificate: certificateOf(issuanceOf('tooling')) });
    const { signals } = await factsOfEvent(planted);
    expect(signals.map(({ id }) => id)).toContain('certificate-not-for-request');
    expect(await followedAfter(planted)).toBeUndefined();
    const honest = await factsOfEvent(issuance);
    expect(honest.signals.map(({ id }) => id)).not.toContain('certificate-not-for-request');
  });

  test('whose request is not in the log is followed and marked', async () => {
    const found = await followedAfter(changed({ request: undefined }));
    expect(found?.issuance.requestMissing).toBe(true);
  });

  test('that a patch wrote, with neither signer nor request in the log, is followed and marked', async () => {
    const { responseObject: _, ...event } = issuance;
    const requestObject = { status: { certificate: certificateOf(issuance) } };
    const found = await followedAfter({ ...event, verb: 'patch', requestObject });
    expect(found?.issuance.requestMissing).toBe(true);
  });
});

describe('the certificate that authenticated a request', () => {
  const sha256 = 'a'.repeat(64);
  const by = (ids: unknown, more: object = {}) => ({
    user: { username: 'bob', extra: { 'authentication.kubernetes.io/credential-id': ids } },
    ...more,
  });
  test.each<[string, AuditEvent, string[]]>([
    ['a certificate', by([`X509SHA256=${sha256}`]), [sha256]],
    ['one of several credential ids', by(['JTI=1', `X509SHA256=${sha256}`]), [sha256]],
    [
      'several certificates',
      by([`X509SHA256=${'b'.repeat(64)}`, `X509SHA256=${sha256}`]),
      ['b'.repeat(64), sha256],
    ],
    ['a token', by(['JTI=c813bede']), []],
    ['no list', by(`X509SHA256=${sha256}`), []],
    ['a shorter digest', by([`X509SHA256=${sha256.slice(1)}`]), []],
    ['text around it', by([`X509SHA256=${sha256}0`]), []],
    ['no credential id', { user: { username: 'bob' } }, []],
    [
      'the impersonated user’s, which the caller chooses',
      { user: { username: 'bob' }, impersonatedUser: by([`X509SHA256=${sha256}`]).user },
      [],
    ],
  ])('%s', (_, event, expected) => {
    expect(usedCertificatesOf(event)).toEqual(expected);
  });
});
