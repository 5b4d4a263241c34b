import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../lambda/audit/audit-record.ts';
import { approved, csrEvent, findingOf, updateOf } from './event.ts';
import { cn, name, o, request, utf8 } from './x509/build.ts';

/** What an attacker may try in order to make an alert state something false, each with what it must state. */
const client = { signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] };
const masters = { request: request({ subject: name([cn(utf8('eve'))], [o(utf8('system:masters'))]) }) };
const requestOnly = ({ responseObject, ...event }: AuditEvent): AuditEvent => ({
  ...event,
  requestObject: responseObject,
});

describe('an attacker cannot', () => {
  test('hide an approval behind a Status in the answer', async () => {
    const event = {
      ...requestOnly(updateOf('approval', approved)),
      responseObject: { kind: 'Status', status: 'Success' },
    };
    expect((await findingOf(event)).phase).toBe('approved');
  });

  test('hide an approval by calling its own body a Status', async () => {
    const event = requestOnly(updateOf('approval', approved));
    const body = Object(event['requestObject']);
    expect((await findingOf({ ...event, requestObject: { ...body, kind: 'Status' } })).phase).toBe(
      'approved',
    );
  });

  test.each([
    '/x?dryRun=All#',
    '/x?dryRun=All%20',
    '/x?dryRun=All%00',
    '/x?DryRun=All',
    '/x?dryRun[]=All',
    '/x?a=?dryRun=All',
    '/x?a=1;dryRun=All',
  ])('pass a real request for a dry run: %s', async (requestURI) => {
    expect((await findingOf(csrEvent(client, { requestURI }))).outcome).toBe('succeeded');
  });

  test('pass an error of the server for a refusal', async () => {
    for (const code of [500, 502, 503, 504, 599]) {
      const finding = await findingOf(csrEvent(client, { responseStatus: { code } }));
      expect(finding.outcome).toBe('unknown');
      expect(finding.signals.map(({ id }) => id)).not.toContain('refused-attempt');
    }
  });

  test('lower the severity by a list of usages that is no list', async () => {
    for (const usages of ['server auth', { 0: 'server auth' }, [7], []]) {
      const finding = await findingOf(csrEvent({ ...client, ...masters, usages }));
      expect(finding.severity).toBe('critical');
    }
  });

  test('lower the severity by a lifetime that is no number', async () => {
    for (const expirationSeconds of ['600', Number.NaN, -1, null, {}]) {
      const finding = await findingOf(csrEvent({ ...client, ...masters, expirationSeconds }));
      expect(finding.severity).toBe('critical');
    }
  });

  test('lower the severity by the groups that it claims for a bootstrap identity', async () => {
    const spec = { ...client, ...masters, username: 'eve', groups: ['system:bootstrappers'] };
    expect((await findingOf(csrEvent(spec))).severity).toBe('critical');
  });

  test('lower the severity by naming itself like an EKS component', async () => {
    const event = csrEvent({ ...client, ...masters }, { user: { username: 'eks:certificate-controller' } });
    const finding = await findingOf(event);
    expect(finding.severity).toBe('critical');
    expect(JSON.stringify(finding.signals)).not.toContain('this is an attempt');
  });

  test('clear itself by a requester that it claims', async () => {
    const finding = await findingOf(
      requestOnly(updateOf('approval', approved, { ...client, username: 'another-user' })),
    );
    expect(finding.request).toMatchObject({ requester: 'another-user', requesterClaimed: true });
    expect(finding.signals.map(({ id }) => id)).not.toContain('self-approval');
  });

  test('incriminate another user as the requester of its own approval', async () => {
    const event = requestOnly(
      updateOf('approval', approved, { ...client, username: 'jane' }, { user: { username: 'eve' } }),
    );
    expect((await findingOf(event)).signals.map(({ id }) => id)).not.toContain('self-approval');
  });

  test('hide a privileged name in a request that is only partly readable', async () => {
    const valid = Buffer.from(String(masters.request), 'base64').toString();
    const relabeled = Buffer.from(
      valid.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'),
    ).toString('base64');
    const finding = await findingOf(csrEvent({ ...client, request: relabeled }));
    expect(finding.severity).toBe('critical');
    expect(finding.request.parseError).toContain('labeled');
  });
});
