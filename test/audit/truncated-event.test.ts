import { describe, expect, test } from 'vitest';
import { truncatedEvent } from '../../lambda/audit/truncated-event.ts';

const event = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'RequestResponse',
  auditID: 'a1',
  stage: 'ResponseComplete',
  requestURI: '/apis/certificates.k8s.io/v1/certificatesigningrequests',
  verb: 'create',
  user: { username: 'jane "the \\ admin"', groups: ['dev'] },
  objectRef: { resource: 'certificatesigningrequests', apiGroup: 'certificates.k8s.io' },
  responseStatus: { code: 201 },
  requestObject: {
    items: [{ kind: 'Event', apiVersion: 'audit.k8s.io/v1', auditID: 'planted', verb: 'create' }],
  },
  annotations: { 'authorization.k8s.io/decision': 'allow' },
};
const text = JSON.stringify(event);

describe('an audit event that was cut off', () => {
  test('after any character keeps the members that were complete, and nothing else', () => {
    let events = 0;
    for (let length = 1; length < text.length; length += 1) {
      const found = truncatedEvent(text.slice(0, length));
      expect(found.kind, text.slice(0, length)).not.toBe('malformed');
      if (found.kind !== 'event') continue;
      events += 1;
      const { requestURI, objectRef, ...members } = found.event;
      expect(event).toMatchObject(members);
      expect(JSON.stringify(found.event)).not.toMatch(/planted.*"verb":"create".*planted/);
      expect(members['auditID']).not.toBe('planted');
      if (requestURI !== undefined) expect(event.requestURI.startsWith(String(requestURI))).toBe(true);
      if (members['user'] !== undefined)
        expect(objectRef).toMatchObject({ resource: 'certificatesigningrequests' });
    }
    expect(events).toBeGreaterThan(text.length - 100);
  });

  test('inside a body names who did what', () => {
    const found = truncatedEvent(text.slice(0, text.indexOf('planted')));
    expect(found).toMatchObject({
      kind: 'event',
      event: { verb: 'create', user: event.user, objectRef: event.objectRef, responseStatus: { code: 201 } },
    });
  });

  test('inside a long query string still names the resource', () => {
    const padded = text.replace(
      'certificatesigningrequests"',
      `certificatesigningrequests?x=${'y'.repeat(99)}`,
    );
    const found = truncatedEvent(padded.slice(0, padded.indexOf('yyyy') + 50));
    expect(found).toMatchObject({
      kind: 'event',
      event: {
        auditID: 'a1',
        objectRef: { resource: 'certificatesigningrequests', apiGroup: 'certificates.k8s.io' },
      },
    });
  });

  test.each<[string, (text: string) => string]>([
    ['Fluent Bit', (log) => JSON.stringify({ date: 1, log })],
    ['AKS', (log) => JSON.stringify({ category: 'kube-audit', properties: { log } })],
    [
      'a text in a text in a text',
      (log) => JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ log }) }) }),
    ],
  ])('in the envelope of %s is found in it', (_, wrap) => {
    const wrapped = wrap(text);
    for (const cut of [0.5, 0.6, 0.7, 0.8]) {
      const found = truncatedEvent(wrapped.slice(0, Math.floor(wrapped.length * cut)));
      expect(found).toMatchObject({ kind: 'event', event: { auditID: 'a1', verb: 'create' } });
    }
  });

  test('with a mark of the log service at its end reads as one without', () => {
    const found = truncatedEvent(`${text.slice(0, text.indexOf('"planted'))}[Truncated...]`);
    expect(found).toMatchObject({ kind: 'event', event: { auditID: 'a1' } });
  });

  test('and in which another event is open is the outer one', () => {
    const found = truncatedEvent(text.slice(0, text.indexOf('"planted"') + '"planted",'.length));
    expect(found).toMatchObject({ kind: 'event', event: { auditID: 'a1' } });
  });
});

describe('what is not a cut event', () => {
  test.each([
    ['a document that is damaged in its middle', text.replace('"verb":', '"verb"'), 'malformed'],
    ['a document with text after it', `${text} x`, 'malformed'],
    ['an object of another kind', '{"kind":"Pod","metadata":{"name":"x', 'cut'],
    ['an event with an invalid escape', text.replace('dev', '\\x').slice(0, -5), 'malformed'],
  ])('%s', (_, input, kind) => {
    expect(truncatedEvent(input).kind).toBe(kind);
  });

  test('nesting without end is given up', () => {
    expect(truncatedEvent('{"a":'.repeat(100_000)).kind).toBe('malformed');
  });
});
