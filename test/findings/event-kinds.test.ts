import { describe, expect, test } from 'vitest';
import type { AuditEvent, PodSource } from '../../lambda/audit/audit-record.ts';
import { isCsr } from '../../lambda/findings/csr-resource.ts';
import { severities } from '../../lambda/findings/finding.ts';
import { outcomesByGravity, phasesByGravity, ranksOf } from '../../lambda/findings/gravity.ts';
import { isCanary, isTestAlert } from '../../lambda/findings/is-canary.ts';
import { nounOf } from '../../lambda/findings/object-noun.ts';
import { outcomeOf, phaseOf } from '../../lambda/findings/phase.ts';
import { isFromPodOutput, podOutputText } from '../../lambda/findings/pod-output.ts';
import { mayHaveSubject, withSubject } from '../../lambda/findings/subject-fields.ts';
import { subjectText } from '../../lambda/findings/subject-text.ts';
import { plainTextStyle, quoted } from '../../lambda/text/quoted-text.ts';
import { csrEvent, findingOf, updateOf } from './event.ts';
import { subject } from './quiet-request.ts';
import { cn, name, o, request, utf8 } from './x509/build.ts';

const finding = await findingOf(csrEvent());
const csr = 'certificatesigningrequests';

test.each<[string | undefined, string | undefined, string | undefined, string | undefined, string]>([
  [csr, undefined, undefined, 'certificate request', csr],
  [csr, 'approval', 'certificates.k8s.io', 'certificate request', `${csr}/approval`],
  [csr, undefined, 'example.com', undefined, csr],
  ['podcertificaterequests', undefined, undefined, 'pod certificate request', 'podcertificaterequests'],
  ['clustertrustbundles', undefined, undefined, 'cluster trust bundle', 'clustertrustbundles'],
  ['pods', 'exec', '', undefined, 'pods/exec'],
  ['toString', undefined, undefined, undefined, 'toString'],
  [undefined, undefined, undefined, undefined, 'something'],
])('%s/%s of the group %s is a %s', (resource, subresource, apiGroup, known, asWritten) => {
  const { resource: _, ...rest } = finding;
  const one = {
    ...rest,
    ...(resource === undefined ? {} : { resource }),
    ...(subresource === undefined ? {} : { subresource }),
    event: { objectRef: { apiGroup } },
  };
  expect(nounOf(one)).toStrictEqual(known === undefined ? { asWritten } : { known, asWritten });
  expect(isCsr(one)).toBe(known === 'certificate request');
});

const where = ', where any program could have written it: check that it is real.';
test.each<[PodSource | undefined, string | undefined]>([
  [undefined, undefined],
  [{ name: 'kube-apiserver', namespace: 'kube-system' }, undefined],
  [{ name: 'web', namespace: 'shop' }, `the pod "shop/web"${where}`],
  [{ name: 'web' }, `the pod "web"${where}`],
  [{ name: 'x'.repeat(200) }, `the pod "${'x'.repeat(160)}…" (200 characters)${where}`],
])('the output of %j', (pod, text) => {
  const source = pod === undefined ? {} : { pod };
  expect(isFromPodOutput(source)).toBe(text !== undefined);
  expect(podOutputText(source, plainTextStyle)).toBe(
    text && `This event was read from the output of ${text}`,
  );
});

test.each<[object, boolean, boolean]>([
  [{}, true, false],
  [{ event: { stage: 'csrwatch-canary', objectRef: { name: 'csrwatch-test-alert' } } }, true, true],
  [{ event: { stage: 'csrwatch-canary', objectRef: { name: 'x' } } }, true, false],
  [{ event: { stage: 'ResponseComplete', objectRef: { name: 'csrwatch-test-alert' } } }, false, false],
  [{ verb: 'create' }, false, false],
  [{ format: 'legacy' }, false, false],
])('csrwatch’s own event with the changes %j', (changes, isOurs, isForPeople) => {
  const own = { ...finding, verb: 'csrwatch-canary', event: { stage: 'csrwatch-canary' }, ...changes };
  expect(isCanary(own)).toBe(isOurs);
  expect(isTestAlert(own)).toBe(isForPeople);
});

test.each([
  [subject(null), ''],
  [subject('bob'), 'CN="bob"'],
  [subject(null, 'a'), 'O="a"'],
  [subject('bob', 'a', 'b'), 'CN="bob", O="a", O="b"'],
  [subject('bob', 'a', 'b', 'c', 'd'), 'CN="bob", O="a", O="b", and 2 more O'],
])('the subject %j is %s', (names, text) => {
  expect(subjectText(names, 2, quoted)).toBe(text);
});

describe('the subject that rules can name', () => {
  const record = (event: AuditEvent) => ({
    event,
    format: 'json' as const,
    cluster: null,
    place: { origin: { kind: 'file', path: 'x' } as const },
  });
  const bob = { request: request({ subject: name([cn(utf8('bob'))], [o(utf8('dev'))]) }) };

  test.each<[object, boolean]>([
    [{ resource: csr }, true],
    [{ resource: csr, apiGroup: 'example.com' }, false],
    [{ resource: 'pods' }, false],
    [{}, false],
  ])('may be in an event about %j: %s', (objectRef, expected) => {
    expect(mayHaveSubject(record({ objectRef }))).toBe(expected);
  });

  test('is read from the request', async () => {
    const one = record(csrEvent(bob));
    expect(await withSubject(one)).toEqual({
      ...one,
      subject: { ...subject('bob', 'dev') },
    });
  });

  test('is absent from other records', async () => {
    for (const one of [
      record(csrEvent()),
      record(csrEvent({ request: 'x' })),
      record(updateOf('status', { certificate: 'x' })),
      record(csrEvent(bob, { objectRef: { resource: csr, apiGroup: 'x' } })),
    ])
      expect(await withSubject(one)).toBe(one);
  });
});

test('the ranks of severities, outcomes and phases', () => {
  expect(severities).toEqual(['low', 'medium', 'high', 'critical']);
  expect(outcomesByGravity).toEqual(['dry-run', 'refused', 'unknown', 'succeeded']);
  expect(phasesByGravity).toEqual([
    ...['deleted', 'modified', 'denied', 'requested', 'decided', 'approved', 'issued'],
  ]);
  expect(ranksOf({ severity: 'high', outcome: 'unknown', phase: 'issued' })).toEqual([2, 2, 6]);
});

describe('what was attempted', () => {
  const about = (subresource: string | undefined, changes: object = {}) => ({
    verb: 'update',
    objectRef: { resource: csr, subresource },
    ...changes,
  });
  test.each<[AuditEvent, string]>([
    [{ verb: 'delete' }, 'deleted'],
    [{ verb: 'deletecollection' }, 'deleted'],
    [{ verb: 'create' }, 'requested'],
    [{ verb: 'patch', responseStatus: { code: 201 } }, 'requested'],
    [{ verb: 'patch', responseStatus: { code: 200 } }, 'modified'],
    [{ verb: 'update', responseStatus: { code: 201 } }, 'modified'],
    [{ verb: 'get' }, 'modified'],
    [{}, 'modified'],
    [about('approval'), 'decided'],
    [about('approval', { verb: 'delete' }), 'deleted'],
    [about('approval', { requestObject: {} }), 'modified'],
    [about('approval', { objectRef: { resource: 'pods', subresource: 'approval' } }), 'modified'],
    [about('status'), 'modified'],
    [about('status', { requestObject: { status: { certificate: 'x' } } }), 'issued'],
    [about('status', { requestObject: [{ op: 'copy' }] }), 'modified'],
    [about('x', { verb: 'create' }), 'requested'],
  ])('by %j: %s', (event, phase) => {
    expect(phaseOf(event)).toBe(phase);
  });

  test.each([
    [undefined, 'unknown'],
    [199, 'unknown'],
    [200, 'succeeded'],
    [299, 'succeeded'],
    [300, 'unknown'],
    [399, 'unknown'],
    [400, 'refused'],
    [499, 'refused'],
    [500, 'unknown'],
  ])('with the code %s: %s', (code, outcome) => {
    expect(outcomeOf({ responseStatus: { code } })).toBe(outcome);
  });

  test.each([
    [500, undefined, 'unknown'],
    [200, 'Panic', 'unknown'],
    [403, undefined, 'refused'],
    [undefined, undefined, 'unknown'],
    [302, undefined, 'dry-run'],
    [200, undefined, 'dry-run'],
  ])('with the code %s and the stage %s of a dry run: %s', (code, stage, outcome) => {
    const event = { responseStatus: { code }, stage, verb: 'create', requestURI: '/x?dryRun=All' };
    expect(outcomeOf(event)).toBe(outcome);
  });
});
