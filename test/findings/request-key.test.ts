import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { AuditEvent, AuditRecord } from '../../lambda/audit/audit-record.ts';
import { canonicalText } from '../../lambda/findings/canonical-json.ts';
import { eventDigest, findingId } from '../../lambda/findings/finding-id.ts';
import { requestKey } from '../../lambda/findings/request-key.ts';

const event: AuditEvent = {
  auditID: 'id',
  stage: 'ResponseComplete',
  requestReceivedTimestamp: '2026-11-23T21:55:48.123456Z',
  verb: 'create',
  requestURI: '/x',
  user: { username: 'jane' },
  objectRef: { resource: 'pods' },
};
const recordOf = (changed: AuditEvent, cluster: string | null = 'prod'): AuditRecord => ({
  event: changed,
  format: 'json',
  cluster,
  place: { origin: { kind: 'file', path: 'x' } },
});
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

describe('the key of a request', () => {
  const key = (changes: object = {}, cluster: string | null = 'prod') =>
    requestKey({ event: { ...event, ...changes }, cluster });

  test('consists of what its stages have in common', () => {
    expect(key()).toBe('["prod","id","2026-11-23T21:55:48.123456Z","create","jane","/x"]');
    expect(key({ stage: 'RequestReceived', objectRef: null }, null)).toBe(
      '[null,"id","2026-11-23T21:55:48.123456Z","create","jane","/x"]',
    );
    expect(key({ verb: undefined, user: undefined, requestURI: undefined })).toBe(
      '["prod","id","2026-11-23T21:55:48.123456Z",null,null,null]',
    );
  });

  test('is short, whatever the client sends', () => {
    const long = 'x'.repeat(999);
    const changes = {
      auditID: long,
      requestReceivedTimestamp: long,
      verb: long,
      user: { username: long },
      requestURI: long,
    };
    const lengths = JSON.parse(key(changes)).map((part: string) => part.length);
    expect(lengths).toEqual(['prod'.length, 100, 40, 30, 300, 300]);
    expect(key({ auditID: `ab${long}` })).toMatch(/^\["prod","abx/);
    expect(key({ ...changes, ...{ verb: 'ab', user: { username: 'cd' }, requestURI: 'ef' } })).toMatch(
      /"ab","cd","ef"\]$/,
    );
  });

  test.each(['auditID', 'requestReceivedTimestamp', 'stage'])(
    'is the digest of the event without %s',
    (name) => {
      const { [name]: _, ...rest } = event;
      expect(requestKey({ event: rest, cluster: 'prod' })).toBe(eventDigest(recordOf(rest)));
    },
  );
});

test('a digest is the first half of SHA-256 over the canonical text of what identifies the event', () => {
  const known = {
    ...event,
    stageTimestamp: 'ignored',
    objectRef: { name: 'n', resource: 'pods' },
    responseStatus: { code: 201, reason: 'ignored' },
    responseObject: { metadata: { name: 'ignored' } },
  };
  expect(eventDigest(recordOf(known))).toBe(
    digestOf(
      '["prod","id","ResponseComplete","create",{"name":"n","resource":"pods",},"n",{"username":"jane",},"1795470948.123456",201,]',
    ),
  );
  expect(findingId('rule', 'digest')).toBe(digestOf('["rule","digest",]'));
});

describe('the time in a digest', () => {
  const digest = (requestReceivedTimestamp: unknown) =>
    eventDigest(recordOf({ ...event, requestReceivedTimestamp }));
  const written = (time: string) =>
    digestOf(
      `["prod","id","ResponseComplete","create",{"resource":"pods",},null,{"username":"jane",},${time},null,]`,
    );
  test.each<[unknown, string]>([
    ['2026-11-23T21:55:48.120000Z', '"1795470948.12"'],
    ['2026-11-23t21:55:48.12z', '"1795470948.12"'],
    ['2026-11-23T21:55:48Z', '"1795470948."'],
    ['2026-11-23T21:55:48.000Z', '"1795470948."'],
    ['2026-11-23T21:55:48.100200Z', '"1795470948.1002"'],
    ['2026-11-23T23:55:48.12+02:00', '"1795470948.12"'],
    ['2026-11-23T16:25:48.12-0530', '"1795470948.12"'],
    // anything else stays as it is
    ['x2026-11-23T21:55:48Z', '"x2026-11-23T21:55:48Z"'],
    ['2026-11-23T21:55:48Zx', '"2026-11-23T21:55:48Zx"'],
    ['2026-11-23T21:55:48', '"2026-11-23T21:55:48"'],
    ['2026-11-23 21:55:48Z', '"2026-11-23 21:55:48Z"'],
    ['2026-11-23T21:55:48.Z', '"2026-11-23T21:55:48.Z"'],
    ['2026-13-23T21:55:48Z', '"2026-13-23T21:55:48Z"'],
    [['2026-11-23T21:55:48Z'], '["2026-11-23T21:55:48Z",]'],
    [7, '7'],
  ])('%j is %s', (time, text) => {
    expect(digest(time)).toBe(written(text));
  });
});

test.each<[unknown, string]>([
  [undefined, 'null'],
  [null, 'null'],
  [true, 'true'],
  [7, '7'],
  ['a"b', '"a\\"b"'],
  [[], '[]'],
  [{}, '{}'],
  [[1, [2, null]], '[1,[2,null,],]'],
  [{ b: 1, a: { c: null, d: undefined, e: false } }, '{"a":{"e":false,},"b":1,}'],
  [{ c: 1, a: 2, b: 3 }, '{"a":2,"b":3,"c":1,}'],
  [{ 'x"': [{}] }, '{"x\\"":[{},],}'],
])('the canonical text of %j is %s', (value, text) => {
  expect(canonicalText(value)).toBe(text);
});
