import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../lambda/audit/audit-record.ts';
import { requestOf, statedRequesterOf } from '../../lambda/findings/actor-and-request.ts';
import { factsOf, findingOf } from '../../lambda/findings/build-finding.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { phaseOf } from '../../lambda/findings/phase.ts';
import { stringAt } from '../../lambda/json/read-json.ts';
import { eventsOf } from '../recordings.ts';
import { csrEvent, updateOf } from './event.ts';

const place = { origin: { kind: 'file', path: 'audit.log' }, line: 7 } as const;
const recordOf = (event: AuditEvent) => ({ event, format: 'json' as const, cluster: 'prod', place });
const rule = { id: 'a-rule', name: 'A rule', severity: 'high', riskScore: 73 } as const;

describe('the facts of an event', () => {
  test('that states everything', async () => {
    const event = csrEvent(
      { username: 'eve', groups: ['dev'], uid: 'u', usages: ['any', 7] },
      {
        stageTimestamp: '2026-11-23T21:55:48Z',
        requestReceivedTimestamp: '2026-11-23T21:55:47Z',
        objectRef: {
          resource: 'certificatesigningrequests',
          subresource: 'x',
          name: 'a-csr',
          uid: '1-2',
          apiGroup: 'certificates.k8s.io',
        },
        user: { username: 'jane', uid: 'id', groups: ['a', 'b'], extra: { arn: ['c'], other: 'd' } },
        impersonatedUser: { username: 'bob', groups: ['e'] },
      },
    );
    const pod = { name: 'api', namespace: 'kube-system' };
    expect(await factsOf({ ...recordOf(event), pod })).toStrictEqual({
      eventDigest: expect.stringMatching(/^[\da-f]{32}$/),
      phase: 'requested',
      outcome: 'succeeded',
      cluster: 'prod',
      time: '2026-11-23T21:55:48Z',
      verb: 'create',
      resource: 'certificatesigningrequests',
      subresource: 'x',
      responseCode: 201,
      actor: {
        name: 'jane',
        uid: 'id',
        groups: ['a', 'b'],
        extra: { arn: ['c'], other: [] },
        impersonated: { name: 'bob', groups: ['e'] },
        sourceIPs: ['10.0.0.7'],
        userAgent: 'kubectl/v1.35.0',
      },
      request: {
        name: 'a-csr',
        uid: '1-2',
        signerName: 'example.com/signer',
        usages: ['any'],
        expirationSeconds: 3_600,
        requester: 'eve',
        requesterGroups: ['dev'],
      },
      signals: expect.any(Array),
      format: 'json',
      place,
      pod,
      event,
    });
  });

  test('that states nothing', async () => {
    expect(await factsOf({ ...recordOf({}), cluster: null })).toStrictEqual({
      eventDigest: expect.any(String),
      phase: 'modified',
      outcome: 'unknown',
      cluster: null,
      actor: { name: null, groups: [], extra: {}, sourceIPs: [] },
      request: {},
      signals: [],
      format: 'json',
      place,
      event: {},
    });
  });

  test('of an issuance contain the certificate', async () => {
    const issuance = [...eventsOf('selfmanaged').values()].find(
      (event) => phaseOf(event) === 'issued' && stringAt(event, 'objectRef', 'name') === 'bob-laptop',
    );
    const { certificate, request } = await factsOf(recordOf(issuance ?? {}));
    expect(certificate).toMatchObject({ sha256: expect.any(String), subject: { commonName: 'bob' } });
    expect(request).toMatchObject({ subject: { commonName: 'bob' }, key: { algorithm: 'ECDSA' } });
  });

  test('without a time of the stage has the time of the request', async () => {
    const { time } = await factsOf(recordOf({ requestReceivedTimestamp: '2026-11-23T21:55:47Z' }));
    expect(time).toBe('2026-11-23T21:55:47Z');
  });

  test.each([null, 'text', 7, ['list']])('without an object of extras: %j', async (extra) => {
    const { actor } = await factsOf(recordOf({ user: { extra } }));
    expect(actor.extra).toEqual(Array.isArray(extra) ? { 0: [] } : {});
  });
});

describe('what the bodies state', () => {
  const body = (spec: object, metadata: object = {}) => ({ metadata, spec });
  test.each<[string, AuditEvent, object]>([
    ['nothing', {}, {}],
    ['a creation without a user', { verb: 'create' }, {}],
    ['the reference', { objectRef: { name: 'a', uid: 'b' } }, { name: 'a', uid: 'b' }],
    [
      'the response',
      {
        responseObject: body(
          { signerName: 's', usages: ['u'], expirationSeconds: 7 },
          { name: 'a', uid: 'b' },
        ),
      },
      { name: 'a', uid: 'b', signerName: 's', usages: ['u'], expirationSeconds: 7 },
    ],
    [
      'the response before the request',
      {
        requestObject: body({ signerName: 'r', usages: ['r'] }, { name: 'r' }),
        responseObject: body({ signerName: 's' }, { name: 'a' }),
      },
      { name: 'a', signerName: 's', usages: ['r'] },
    ],
    [
      'the reference before the response',
      { objectRef: { name: 'a', uid: 'b' }, responseObject: body({}, { name: 'c', uid: 'd' }) },
      { name: 'a', uid: 'b' },
    ],
    [
      'values of another type',
      { responseObject: body({ signerName: 7, usages: 'any', expirationSeconds: '7' }) },
      {},
    ],
    ['a list in place of a number', { responseObject: body({ expirationSeconds: [7] }) }, {}],
    ['numbers that are none', { responseObject: body({ expirationSeconds: Number.NaN }) }, {}],
    ['lists without texts', { responseObject: body({ usages: [7, null] }) }, {}],
  ])('%s', (_, event, expected) => {
    expect(requestOf(event)).toStrictEqual(expected);
  });
});

describe('the requester', () => {
  const { responseObject, ...bodiless } = csrEvent({ username: 'eve', groups: ['x'] });
  const eks = { user: { username: 'eks:certificate-controller' } };
  const { responseObject: written, ...update } = updateOf('approval', {}, { username: 'eve', groups: ['x'] });
  test.each<[string, AuditEvent, object, string | undefined]>([
    ['of a response', csrEvent({ username: 'eve' }), { requester: 'eve' }, 'eve'],
    [
      'of a response with groups',
      csrEvent({ username: 'eve', groups: ['x'] }),
      { requester: 'eve', requesterGroups: ['x'] },
      'eve',
    ],
    ['of a creation without a response is the user', bodiless, { requester: 'jane' }, 'jane'],
    [
      'and its groups',
      { ...bodiless, user: { username: 'jane', groups: ['y'] } },
      { requester: 'jane', requesterGroups: ['y'] },
      'jane',
    ],
    [
      'or the impersonated user',
      {
        ...bodiless,
        user: { username: 'jane', groups: ['y'] },
        impersonatedUser: { username: 'bob', groups: ['z'] },
      },
      { requester: 'bob', requesterGroups: ['z'] },
      'bob',
    ],
    ['or no one', { ...bodiless, user: {} }, {}, undefined],
    [
      'and not what the client of a creation writes',
      { ...bodiless, requestObject: responseObject },
      { requester: 'jane' },
      'jane',
    ],
    [
      'of an update without a response is a claim',
      { ...update, requestObject: written },
      { requester: 'eve', requesterClaimed: true },
      undefined,
    ],
    [
      "that the cluster's own signer repeats",
      { ...update, ...eks, requestObject: written },
      { requester: 'eve', requesterClaimed: true },
      'eve',
    ],
    [
      'that a user without a name claims',
      { ...update, user: {}, requestObject: written },
      { requester: 'eve', requesterClaimed: true },
      undefined,
    ],
    ['of an update without a body is unknown', update, {}, undefined],
    [
      'of a patch that is not understood is unknown',
      { ...update, requestObject: [{ op: 'copy', path: '/spec/username', from: '/x' }] },
      {},
      undefined,
    ],
  ])('%s', (_, event, expected, stated) => {
    const { requester, requesterGroups, requesterClaimed } = requestOf(event);
    expect(JSON.parse(JSON.stringify({ requester, requesterGroups, requesterClaimed }))).toEqual(expected);
    expect(statedRequesterOf(event)).toBe(stated);
  });
});

test('a signal raises a finding to critical, and a score above 99 stays', async () => {
  const facts = await factsOf(recordOf(csrEvent()));
  const raising = { ...facts, signals: [{ id: 's', sentence: 'S.', raisesTo: 'critical' }] } as const;
  expect(findingOf(facts, rule)).toMatchObject({ rule, severity: 'high', riskScore: 73 });
  expect(findingOf({ ...facts, signals: [{ id: 's', sentence: 'S.' }] }, rule).severity).toBe('high');
  expect(findingOf(raising, rule)).toMatchObject({ rule, severity: 'critical', riskScore: 99 });
  expect(findingOf(raising, { ...rule, riskScore: 100 }).riskScore).toBe(100);
});

describe('the fields of csrwatch', () => {
  const event = updateOf('x', {}, { username: 'eve', signerName: 's' });
  const usedCertificate = { sha256: 'ab', signerName: 't', requester: 'bob' };
  const subject = { commonName: 'cn', organizations: ['o'] };
  const read = (name: string, changes: object = {}) =>
    csrwatchFields[name]?.read({ ...recordOf(event), ...changes });

  test.each<[string, object, unknown]>([
    ['csrwatch.phase', {}, 'modified'],
    ['csrwatch.outcome', {}, 'succeeded'],
    ['csrwatch.subresource', {}, 'x'],
    ['csrwatch.signer', {}, 's'],
    ['csrwatch.signer', { usedCertificate }, 't'],
    ['csrwatch.signer', { usedCertificate: { sha256: 'ab' } }, undefined],
    ['csrwatch.requester', {}, 'eve'],
    ['csrwatch.requester', { usedCertificate }, 'bob'],
    ['csrwatch.requester', { usedCertificate: { sha256: 'ab' } }, undefined],
    ['csrwatch.subject.common_name', {}, undefined],
    ['csrwatch.subject.common_name', { subject }, 'cn'],
    ['csrwatch.subject.common_name', { subject: { ...subject, commonName: null } }, undefined],
    ['csrwatch.subject.organization', {}, undefined],
    ['csrwatch.subject.organization', { subject }, ['o']],
    ['csrwatch.certificate.sha256', {}, undefined],
    ['csrwatch.certificate.sha256', { usedCertificate }, 'ab'],
    ['csrwatch.format', {}, 'json'],
  ])('%s %j: %j', (name, changes, value) => {
    expect(read(name, changes)).toEqual(value);
  });

  test('state what may be relied on when rules are selected', () => {
    const traits = Object.entries(csrwatchFields).map(([name, { read: _, ...rest }]) => [name, rest]);
    expect(Object.fromEntries(traits)).toEqual({
      'csrwatch.phase': {
        possible: ['requested', 'approved', 'denied', 'decided', 'issued', 'modified', 'deleted'],
      },
      'csrwatch.outcome': { possible: ['unknown', 'refused', 'dry-run', 'succeeded'] },
      'csrwatch.subresource': { isVerbatim: true },
      'csrwatch.signer': { isVerbatim: true },
      'csrwatch.requester': { isVerbatim: true },
      'csrwatch.subject.common_name': { isOnlyNamed: true },
      'csrwatch.subject.organization': { isOnlyNamed: true, isList: true },
      'csrwatch.certificate.sha256': { isOnlyNamed: true },
      'csrwatch.format': { possible: ['json', 'legacy', 'truncated'] },
    });
  });
});
