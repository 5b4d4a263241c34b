import { describe, expect, test } from 'vitest';
import { recognizeText } from '../../lambda/audit/recognize-event.ts';
import { expectLinearTime } from '../linear-time.ts';

const event = (auditID: string) => ({
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  auditID,
  stage: 'ResponseComplete',
  verb: 'create',
  objectRef: { resource: 'certificatesigningrequests' },
});
const text = JSON.stringify(event('a'));

const idsIn = (input: unknown) =>
  recognizeText(typeof input === 'string' ? input : JSON.stringify(input)).flatMap((item) =>
    item.kind === 'event' ? [item.event['auditID']] : [],
  );

describe('an event is found', () => {
  test.each<[string, unknown]>([
    ['in an object of any key', { x: { y: event('a') } }],
    ['in a list of any key', { x: [1, { y: [event('a')] }] }],
    ['in a string of any key', { x: { y: text } }],
    ['in a string in a list', { x: [text] }],
    ['in a string in a string', { x: JSON.stringify({ y: text }) }],
    ['in a string after a prefix', { x: `2026-01-02T03:04:05Z stdout F ${text}` }],
    ['in a list in a list', [[[event('a')]]]],
    ['in a row of CSV', `2026-01-02,x,"${text.replaceAll('"', '""')}",y`],
    ['behind the prefix of stern', `kube-system kube-apiserver-1 kube-apiserver ${text}`],
    ['behind the prefix of kubectl logs', `[pod/kube-apiserver-1/kube-apiserver] ${text}`],
  ])('%s', (_, input) => {
    expect(idsIn(input)).toEqual(['a']);
  });

  test('once if an envelope holds it parsed and as text', () => {
    expect(idsIn({ message: text, kubernetes: { audit: event('a') }, event: { original: text } })).toEqual([
      'a',
    ]);
  });

  test('twice if two events share their audit ID, which is the client’s', () => {
    const other = { ...event('a'), verb: 'update' };
    expect(idsIn({ one: event('a'), other })).toEqual(['a', 'a']);
  });
});

describe('no event is made of', () => {
  test.each<[string, unknown]>([
    [
      'the body of an event',
      { ...event('a'), requestObject: { items: [event('planted')], data: { x: text } } },
    ],
    [
      'the body of an event in an envelope',
      { log: JSON.stringify({ ...event('a'), responseObject: event('planted') }) },
    ],
  ])('%s', (_, input) => {
    expect(idsIn(input)).toEqual(['a']);
  });

  test.each<[string, object]>([
    ['verb', { ...event('a'), kind: undefined, verb: undefined }],
    ['kind and stage', { ...event('a'), kind: 'Other', stage: undefined, objectRef: undefined, user: {} }],
  ])('the texts and bodies of an event that lost its %s, which is rejected', (_, damaged) => {
    const planted = { requestURI: text, userAgent: text, requestObject: event('planted') };
    const found = recognizeText(JSON.stringify({ log: JSON.stringify({ ...damaged, ...planted }) }));
    expect(found).toEqual([{ kind: 'unreadable', reason: 'an audit event without its kind or its verb' }]);
  });

  test('the body of an admission review, which is refused with what to do', () => {
    const review = { kind: 'AdmissionReview', request: { object: event('planted') } };
    expect(recognizeText(JSON.stringify(review))).toEqual([
      { kind: 'unreadable', reason: expect.stringContaining('send the API server') },
    ]);
  });

  test('the request of a GKE entry', () => {
    const entry = {
      protoPayload: { methodName: 'io.k8s.core.v1.configmaps.create', request: event('planted'), status: {} },
    };
    expect(recognizeText(JSON.stringify(entry))).toMatchObject([
      { kind: 'event', event: { verb: 'create', requestObject: { auditID: 'planted' } } },
    ]);
  });
});

describe('the limits of the search', () => {
  test.each<[string, unknown]>([
    ['too many levels', JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`)],
    ['too many levels of lists', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ])('are reported: %s', (_, input) => {
    const found = recognizeText(typeof input === 'string' ? input : JSON.stringify(input));
    expect(found).toContainEqual({
      kind: 'unreadable',
      reason: expect.stringContaining('not read to its end'),
    });
  });
});

test('the pod that an event was read from is kept', () => {
  const found = recognizeText(
    JSON.stringify({ log: text, kubernetes: { pod_name: 'shell-1', namespace_name: 'default' } }),
  );
  expect(found).toMatchObject([{ pod: { name: 'shell-1', namespace: 'default' } }]);
});

describe('a record without an event', () => {
  test.each<[string, string, object[]]>([
    ['JSON', '{"kind":"Pod"}', [{ kind: 'not-audit', isJson: true }]],
    ['plain text', 'I0102 03:04:05.678901 1 httplog.go:134] "HTTP"', [{ kind: 'not-audit', isJson: false }]],
    ['text with a brace', 'Trace[1]: {request: x}', [{ kind: 'not-audit', isJson: false }]],
  ])('is not an audit event: %s', (_, input, wanted) => {
    expect(recognizeText(input)).toMatchObject(wanted);
  });
});

describe('a legacy line is read in linear time', () => {
  test.each<[string, (length: number) => string]>([
    ['spaces after the time', (length) => `2026-01-02T03:04:05Z${' '.repeat(length)}x`],
    ['names without end', (length) => `2026-01-02T03:04:05Z AUDIT: id="1" ${'a'.repeat(length)}`],
    ['backslashes', (length) => `2026-01-02T03:04:05Z AUDIT: id="1" groups="${'\\'.repeat(length)}`],
    [
      'groups without end',
      (length) => `2026-01-02T03:04:05Z AUDIT: id="1" groups="${'\\"a'.repeat(length)}"`,
    ],
    ['times', (length) => '2026-01-02T03:04:05Z '.repeat(length)],
  ])('%s', async (_, make) => {
    await expectLinearTime((length) => recognizeText(make(length)), 50_000);
  });
});
