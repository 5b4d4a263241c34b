import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../lambda/audit/audit-record.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { findingText, findingTextWithin } from '../../lambda/findings/finding-json.ts';
import { lastResort, truncations } from '../../lambda/findings/truncate-finding.ts';
import { csrEvent, findingOf } from './event.ts';
import { issued } from './quiet-request.ts';

const event: AuditEvent = {
  ...csrEvent({}, { requestObject: { spec: {} } }),
  impersonatedUser: { username: 'eve' },
  requestReceivedTimestamp: '2026-11-23T21:55:47Z',
  stageTimestamp: '2026-11-23T21:55:48Z',
  annotations: { a: 'b' },
  more: 'x'.repeat(1_000),
};
const finding = await findingOf(event);
const { kind: _, apiVersion: __, requestObject: ___, responseObject: ____, more: _____, ...kept } = event;
const bodies = 'event.requestObject and event.responseObject';
const rest =
  'event, except auditID, stage, verb, user, impersonatedUser, sourceIPs, userAgent, objectRef, requestURI, responseStatus, requestReceivedTimestamp, stageTimestamp, annotations';
const lists = 'long lists and texts';

test('a finding is truncated in steps: without the bodies, without the rest, with short lists and texts', () => {
  const { requestObject: _, responseObject: __, ...withoutBodies } = finding.event;
  expect(truncations(finding).map((truncation) => truncation())).toEqual([
    { ...finding, event: withoutBodies, truncated: [bodies], wholeEvent: 'audit.log' },
    { ...finding, event: kept, truncated: [rest], wholeEvent: 'audit.log' },
    { ...finding, event: kept, truncated: [rest, lists], wholeEvent: 'audit.log' },
    { ...finding, event: kept, truncated: [rest, lists], wholeEvent: 'audit.log' },
  ]);
});

test('an event keeps only what it has', () => {
  const { event } = Object(truncations({ ...finding, event: { verb: 'get', more: 1 } })[1]?.());
  expect(event).toStrictEqual({ verb: 'get' });
});

describe('the event as a whole', () => {
  const origin = {
    kind: 'object',
    region: 'eu-central-1',
    bucket: 'audit-logs',
    key: 'a.log.gz',
  } as const;
  const link =
    'https://eu-central-1.console.aws.amazon.com/s3/object/audit-logs?region=eu-central-1&prefix=a.log.gz';
  const linkOf = (key: string) =>
    Object(truncations({ ...finding, place: { origin: { ...origin, key } } })[0]?.()).wholeEvent.split(
      ' https',
    )[1];

  test('is in a file, or in an object with a link', () => {
    const place = { origin, line: 3 };
    expect(lastResort({ ...finding, place })).toMatchObject({
      wholeEvent: `s3://audit-logs/a.log.gz, line 3 ${link}`,
    });
    expect(lastResort(finding)).toMatchObject({ wholeEvent: 'audit.log' });
  });

  test('has no link of more than 4,000 characters', () => {
    const longest = 4_000 - (link.length - 'a.log.gz'.length);
    const key = `${'/'.repeat((longest - 500) / 3)}`;
    const filled = key + 'x'.repeat(longest - key.length * 3);
    expect(linkOf(filled)).toHaveLength(4_000 - 'https'.length);
    expect(linkOf(`${filled}x`)).toBeUndefined();
  });
});

describe('short lists and texts', () => {
  const deep = { a: { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } } };
  const wide = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`k${index}`, index]));
  const odd = { n: null, u: 7, t: true };
  const long = 'x'.repeat(5_000);
  const big: Finding = {
    ...finding,
    request: {
      name: long,
      usages: Array.from({ length: 60 }, () => 'u'),
      signerName: 'x'.repeat(2_000),
      subject: Object({ deep, wide, odd, [long]: 1 }),
    },
  };
  const request = (index: number) => Object(truncations(big)[index]?.()).request;
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + depthOf(Object.values(value)[0]) : 0;

  test.each([
    [2, 50, 2_000, 7],
    [3, 20, 500, 6],
  ])('version %i: %i items, %i characters, %i levels', (index, items, characters, depth) => {
    const { name, usages, signerName, subject } = request(index);
    const cut = `${'x'.repeat(characters)}…`;
    expect(name).toBe(cut);
    expect(signerName).toBe(characters === 2_000 ? 'x'.repeat(2_000) : cut);
    expect(usages).toHaveLength(items);
    expect(Object.keys(subject.wide)).toHaveLength(items * 2);
    expect(subject.odd).toEqual(odd);
    expect(Object.keys(subject)).toContain(cut);
    // below the finding, its request and the subject
    expect(depthOf(subject.deep)).toBe(depth - 3);
    expect(JSON.stringify(subject.deep)).toContain('"…"');
  });
});

describe('the smallest form', () => {
  test('has everything that the schema requires, and what identifies the event', () => {
    const certificate = issued(60);
    const one: Finding = {
      ...finding,
      cluster: 'prod',
      rule: { ...finding.rule, description: 'removed', tags: ['removed'] },
      certificate,
      issuance: { csrName: 'a-csr' },
      uses: { count: 2 },
      pod: { name: 'api' },
      signals: [
        { id: 'a', sentence: 'A.', evidence: 'removed', raisesTo: 'critical' },
        { id: 'b', sentence: 'B.' },
      ],
      actor: { ...finding.actor, extra: { arn: ['removed'] } },
      event: {
        ...finding.event,
        user: { username: 'jane', uid: 'id', groups: ['dev'], extra: {} },
        objectRef: {
          resource: 'certificatesigningrequests',
          subresource: 'approval',
          namespace: 'shop',
          name: 'a-csr',
          uid: '1-2',
          apiGroup: 'certificates.k8s.io',
          apiVersion: 'v1',
          resourceVersion: 'removed',
        },
      },
    };
    const { id, eventDigest, severity, riskScore, phase, outcome, format, request, place } = one;
    expect(lastResort(one)).toStrictEqual({
      ...{ id, eventDigest, severity, riskScore, phase, outcome, format, request, place, certificate },
      cluster: 'prod',
      rule: { id: 'a-rule', name: 'A rule', severity: 'high', riskScore: 73 },
      actor: { ...finding.actor, extra: {} },
      issuance: { csrName: 'a-csr' },
      uses: { count: 2 },
      signals: [
        { id: 'a', sentence: 'A.', raisesTo: 'critical' },
        { id: 'b', sentence: 'B.' },
      ],
      pod: { name: 'api' },
      event: {
        auditID: event['auditID'],
        stage: 'ResponseComplete',
        verb: 'create',
        requestReceivedTimestamp: '2026-11-23T21:55:47Z',
        stageTimestamp: '2026-11-23T21:55:48Z',
        user: { username: 'jane', uid: 'id', groups: ['dev'] },
        objectRef: {
          resource: 'certificatesigningrequests',
          subresource: 'approval',
          namespace: 'shop',
          name: 'a-csr',
          uid: '1-2',
          apiGroup: 'certificates.k8s.io',
          apiVersion: 'v1',
        },
      },
      truncated: [rest, 'long lists and texts, except the few that identify it'],
      wholeEvent: 'audit.log',
    });
  });

  test('omits what the finding does not have', () => {
    expect(lastResort({ ...finding, event: {} })).toEqual({
      ...Object(lastResort(finding)),
      event: { user: { groups: [] }, objectRef: {} },
    });
    expect(Object.keys(lastResort(finding))).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(certificate|issuance|uses|pod)$/)]),
    );
  });

  test('is short, whatever is in the finding', () => {
    const long = 'x'.repeat(5_000);
    const cut = `${'x'.repeat(200)}…`;
    const many = Array.from({ length: 60 }, () => long);
    const names = { username: long, uid: long, groups: many };
    const small = lastResort({
      ...finding,
      cluster: long,
      rule: { id: long, name: long, severity: 'low', riskScore: 1 },
      actor: { name: long, groups: many, extra: {}, sourceIPs: many },
      request: { usages: many, subject: Object({ a: { b: { c: 1 } } }) },
      pod: { name: long },
      place: { origin: { kind: 'file', path: long } },
      signals: Array.from({ length: 30 }, () => ({ id: 's', sentence: long })),
      event: { auditID: long, user: names, objectRef: { name: long } },
    });
    const five = [cut, cut, cut, cut, cut];
    const clipped = `${'x'.repeat(500)}…`;
    expect(small).toMatchObject({
      cluster: cut,
      rule: { id: cut, name: cut },
      actor: { name: cut, groups: five, sourceIPs: five },
      request: { usages: five, subject: { a: { b: '…' } } },
      pod: { name: cut },
      place: { origin: { path: `${'x'.repeat(1_100)}…` } },
      signals: Array.from({ length: 20 }, () => ({ id: 's', sentence: cut })),
      event: {
        auditID: clipped,
        user: { username: clipped, uid: clipped, groups: five },
        objectRef: { name: clipped },
      },
    });
  });
});

describe('the JSON of a finding', () => {
  const json = (text: string) => JSON.parse(text);
  const big = { ...finding, event: { ...finding.event, requestObject: 'é'.repeat(3_000) } };
  const whole = Buffer.byteLength(findingText(big));

  test('has the version of its schema', () => {
    expect(json(findingText(finding))).toEqual({ schemaVersion: '1.0', ...finding });
    expect(json(findingTextWithin(finding, 99_999))).toEqual({ schemaVersion: '1.0', ...finding });
    expect(json(findingTextWithin(big, 5_000)).schemaVersion).toBe('1.0');
    expect(json(findingTextWithin(big, 1)).schemaVersion).toBe('1.0');
  });

  test('is whole if its bytes fit', () => {
    expect(json(findingTextWithin(big, whole))).not.toHaveProperty('truncated');
    expect(json(findingTextWithin(big, whole - 1)).truncated).toEqual([bodies]);
  });

  test('is the first version that fits', () => {
    const withoutBodies = Buffer.byteLength(findingTextWithin(big, whole - 1));
    expect(json(findingTextWithin(big, withoutBodies)).truncated).toEqual([bodies]);
    expect(json(findingTextWithin(big, withoutBodies - 1)).truncated).toEqual([rest]);
    expect(json(findingTextWithin(big, 10)).truncated).toEqual([
      rest,
      'long lists and texts, except the few that identify it',
    ]);
  });

  test('is not written to find out that it is much too large', () => {
    let writes = 0;
    const watched = {
      toJSON: () => {
        writes += 1;
      },
    };
    const written = (more: object, maxBytes: number) => {
      writes = 0;
      findingTextWithin({ ...finding, event: { requestObject: { watched, more } } }, maxBytes);
      return writes;
    };
    const long = { list: ['x'.repeat(400), { deep: 'x'.repeat(4_000) }] };
    expect(written({}, 9_999)).toBe(1);
    expect(written(long, 9_999)).toBe(1);
    expect(written(long, 4_000)).toBe(0);
    expect(written({ ...long, n: null, u: 7 }, 4_000)).toBe(0);
  });

  test('is truncated if it is nested too deeply to be written', () => {
    const deep = JSON.parse(`${'['.repeat(30_000)}${']'.repeat(30_000)}`);
    const nested = { ...finding, event: { verb: 'get', requestObject: deep } };
    expect(json(findingText(nested)).truncated).toEqual([bodies]);
    expect(json(findingTextWithin(nested, 199_999)).truncated).toEqual([bodies]);
  });

  test('throws what is not about its depth', () => {
    const broken = {
      toJSON: () => {
        throw new TypeError('broken');
      },
    };
    expect(() => findingText({ ...finding, event: { broken } })).toThrow('broken');
  });
});
