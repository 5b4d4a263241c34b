import { describe, expect, test } from 'vitest';
import type { Finding } from '../../lambda/findings/finding.ts';
import { email, findingOf, message, messages, sms } from './samples.ts';
import { alarmComplaints, amazonQComplaints } from './schemas.ts';

const sent = {
  level: 'Metadata',
  stage: 'csrwatch-canary',
  verb: 'csrwatch-canary',
  userAgent: 'csrwatch-canary (a test: nothing happened)',
  user: { username: 'csrwatch-canary', groups: ['csrwatch-canary'] },
  objectRef: { resource: 'certificatesigningrequests', name: 'csrwatch-canary' },
  responseStatus: undefined,
  requestObject: undefined,
  responseObject: undefined,
};
const rule = { id: 'csrwatch-canary', name: 'csrwatch canary', severity: 'low', riskScore: 1 } as const;
const canary = async (changes: Partial<Finding> = {}): Promise<Finding> => ({
  ...(await findingOf(sent)),
  rule,
  severity: 'low',
  ...changes,
});

describe("csrwatch's own test", () => {
  const first =
    "TEST in prod: nothing happened. csrwatch's own canary went all the way from the log to this page, as it should.";

  test('is told as one by the subject, the SMS and the first line', async () => {
    const one = await canary();
    expect(message('text', one).subject).toBe(
      '[test] prod: csrwatch-canary arrived: a test, nothing happened',
    );
    expect(sms(one)).toBe('csrwatch TEST prod: csrwatch-canary arrived: a test, nothing happened');
    expect(email(one).split('\n')[0]).toBe(first);
  });

  test('is told as one in chat and by a pager, whose incident is its own', async () => {
    const chat = JSON.parse(message('chat', await canary()).body);
    expect(amazonQComplaints(chat)).toEqual([]);
    expect(chat.content.title).toBe('TEST in `prod`: `csrwatch-canary` arrived: a test, nothing happened');
    expect(chat.content.description).toMatch(/^TEST in `prod`: nothing happened\./);
    const alarm = JSON.parse(message('alarm', await canary()).body);
    expect(alarmComplaints(alarm)).toEqual([]);
    expect(alarm.AlarmName).toMatch(/^csrwatch test prod: /);
    expect(alarm.NewStateReason).toBe(first);
  });

  test('asks for nothing, and gives no reason to get up', async () => {
    const text = email(await canary());
    expect(text).toContain('WHAT TO DO NOW\n1. Nothing has to be done');
    expect(text).not.toMatch(/kubectl|WHY IT MATTERS|\n2\. /);
  });

  test('is one for whatever rule finds it', async () => {
    const one = await canary({ severity: 'critical', rule: { ...rule, id: 'own', severity: 'critical' } });
    expect(message('text', one).subject).toMatch(/^\[test\] /);
  });
});

describe('no request to an API server passes for a test', () => {
  test.each<[string, object]>([
    ['who calls himself a canary', { verb: 'create', stage: 'ResponseComplete' }],
    ['whose HTTP method is the verb of a canary', { stage: 'ResponseComplete' }],
    ['of a verb of Kubernetes', { verb: 'create' }],
  ])('%s', async (_, changes) => {
    const one = { ...(await findingOf({ ...sent, ...changes })), rule };
    expect(email(one)).not.toMatch(/TEST|arrived/);
    expect(sms(one)).not.toMatch(/TEST|arrived/);
  });

  test('not in a line of the legacy format either', async () => {
    expect(sms(await canary({ format: 'legacy' }))).not.toMatch(/TEST|arrived/);
  });

  test('nor does a test hide it: one of the same rule and user is a page of its own', async () => {
    const deed = { ...(await findingOf({ user: { username: 'csrwatch-canary' } })), rule };
    const subjects = messages('text', [await canary(), deed]).map(({ subject }) => subject);
    expect(subjects).toEqual([expect.stringMatching(/^\[test\]/), expect.stringMatching(/^\[high\]/)]);
  });
});
