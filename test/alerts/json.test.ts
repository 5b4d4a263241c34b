import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../lambda/audit/audit-record.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { findingText } from '../../lambda/findings/finding-json.ts';
import { at } from '../../lambda/json/read-json.ts';
import { withSteps } from '../../lambda/response/with-steps.ts';
import {
  certificate,
  finding,
  findingOf,
  logStream,
  message,
  messages,
  selfApproval,
  subject,
} from './samples.ts';
import { findingComplaints, undocumented } from './schemas.ts';

const kept = ['auditID', 'stage', 'verb', 'user', 'objectRef', 'requestReceivedTimestamp', 'stageTimestamp'];

const sent = (one: Finding) => JSON.parse(message('json', one).body);

/** JSON.parse reads deeper nesting than JSON.stringify writes. */
const deep = (levels: number): AuditEvent => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

const users = (groups: number, characters: number) => ({
  username: 'kubernetes-admin',
  groups: Array.from({ length: groups }, (_, index) => `${index}${'g'.repeat(characters)}`),
});

const wide = Object.fromEntries(
  Array.from({ length: 5_000 }, (_, index) => [`key${index}`, ['\u0000'.repeat(300)]]),
);

describe('the json channel', () => {
  test('contains the finding with schemaVersion, the event as it was logged, and the steps', async () => {
    const one = await finding({ signals: [selfApproval], certificate });
    const { steps, ...rest } = sent(one);
    expect(rest).toEqual({ schemaVersion: '1.0', ...one });
    expect(steps).toContainEqual({
      say: expect.stringMatching(/^If the request was not intended, keep a copy/),
      commands: expect.arrayContaining(['kubectl certificate deny bob-laptop']),
    });
    expect(findingText(withSteps(one))).toBe(message('json', one).body);
  });

  test('has five attributes for filter policies, and no more', async () => {
    const { attributes = {} } = message('json', await finding({ cluster: 'prod' }));
    expect(attributes).toEqual({
      rule: 'a-rule',
      severity: 'high',
      phase: 'requested',
      outcome: 'succeeded',
      cluster: 'prod',
    });
  });

  test('has no attribute for an unknown value, and none that SNS refuses', async () => {
    expect(message('json', await finding({ cluster: null })).attributes).not.toHaveProperty('cluster');
    expect(message('json', await finding({ cluster: '' })).attributes).not.toHaveProperty('cluster');
    const { attributes = {} } = message('json', await finding({ cluster: `a\u0000b${'c'.repeat(5_000)}` }));
    expect(attributes['cluster']).toMatch(/^a\\u\{0\}bc+… \(5003 characters\)$/);
    expect(attributes['cluster']?.length).toBeLessThan(300);
  });

  test('receives each finding, even of one event', async () => {
    const one = await finding();
    expect(messages('json', [one, { ...one, id: 'b' }])).toHaveLength(2);
  });
});

describe('a finding over the limit', () => {
  const cases: [string, AuditEvent, readonly (string | RegExp)[]][] = [
    [
      'loses its bodies first',
      { requestObject: { big: 'x'.repeat(300_000) } },
      ['event.requestObject and event.responseObject'],
    ],
    [
      'then the rest of the event',
      { somethingElse: 'x'.repeat(300_000) },
      [/^event, except auditID, stage, verb, user/],
    ],
    ['then long lists', { user: users(20_000, 20) }, [/^event, except/, 'long lists and texts']],
    ['then long texts', { userAgent: 'x'.repeat(300_000) }, [/^event, except/, 'long lists and texts']],
    [
      'finally everything except what identifies it',
      {
        user: { username: '\u0000'.repeat(2 ** 20), extra: wide, groups: ['\u0000'.repeat(9_999)] },
        impersonatedUser: wide,
        objectRef: { ...wide, resource: 'certificatesigningrequests', name: 'dev-user' },
        annotations: wide,
        responseStatus: wide,
      },
      [/^event, except/, /except the few that identify it$/],
    ],
    [
      'bodies that are nested too deeply',
      { requestObject: deep(20_000) },
      ['event.requestObject and event.responseObject'],
    ],
    [
      'anything that is nested too deeply',
      { annotations: deep(20_000) },
      [/^event, except/, 'long lists and texts'],
    ],
  ];
  test.each(cases)('%s', async (_, event, truncated) => {
    const one = await findingOf(event, { ...logStream });
    const { body } = message('json', one);
    const json = JSON.parse(body);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(240 * 1_024);
    expect(json.truncated).toEqual(
      truncated.map((text) => (typeof text === 'string' ? text : expect.stringMatching(text))),
    );
    expect(json.wholeEvent).toBe(
      'log group /aws/eks/prod/cluster, stream kube-apiserver-audit-0123 https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logsV2:log-groups/log-group/$252Faws$252Feks$252Fprod$252Fcluster/log-events/kube-apiserver-audit-0123',
    );
    for (const key of kept) expect(at(json, 'event', key), key).toBeTruthy();
    expect(json.event).toMatchObject({
      verb: 'create',
      objectRef: { resource: 'certificatesigningrequests', name: 'dev-user' },
    });
    expect(json).toMatchObject({ id: one.id, severity: 'high', phase: 'requested', cluster: 'prod' });
    expect(findingComplaints(json)).toEqual([]);
    expect(undocumented(json)).toEqual([]);
  });

  test('keeps the parsed request and certificate even in its smallest form', async () => {
    const hostile = { ...subject, organizations: Array.from({ length: 9_000 }, () => 'o'.repeat(500)) };
    const json = sent(
      await finding(
        {
          certificate,
          signals: Array.from({ length: 99 }, () => ({
            ...selfApproval,
            sentence: '\u0000'.repeat(9_999),
            evidence: deep(20_000),
          })),
        },
        { subject: hostile },
      ),
    );
    expect(json).toMatchObject({
      certificate,
      request: { name: 'bob-laptop', subject: { commonName: 'bob' } },
    });
    expect(json.signals[0]).toMatchObject({ id: 'self-approval', raisesTo: 'critical' });
    expect(undocumented(json)).toEqual([]);
  });
});

describe('the JSON of a finding in a scan', () => {
  test('is complete, whatever its size', async () => {
    const big = await findingOf({ requestObject: { big: 'x'.repeat(300_000) } });
    expect(JSON.parse(findingText(big)).event).toEqual(big.event);
  });

  test('is truncated only if it is nested too deeply', async () => {
    const json = JSON.parse(
      findingText(await findingOf({ requestObject: deep(20_000), more: 'x'.repeat(300_000) })),
    );
    expect(json.event.more).toHaveLength(300_000);
    expect(json.truncated).toEqual(['event.requestObject and event.responseObject']);
  });
});
