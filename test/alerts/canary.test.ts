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

describe('the alert about a canary', () => {
  const first =
    "TEST in prod: nothing happened. csrwatch's canary event passed from the log to this alert, as expected.";

  test('is called a test in the subject, the SMS and the first line', async () => {
    const one = await canary();
    expect(message('text', one).subject).toBe(
      '[test] prod: "csrwatch-canary" arrived: a test, nothing happened',
    );
    expect(sms(one)).toBe('csrwatch TEST prod: "csrwatch-canary" arrived: a test, nothing happened');
    expect(email(one).split('\n')[0]).toBe(first);
  });

  test('is called a test in chat and in the alarm, which has a name of its own', async () => {
    const chat = JSON.parse(message('chat', await canary()).body);
    expect(amazonQComplaints(chat)).toEqual([]);
    expect(chat.content.title).toBe('TEST in `prod`: `"csrwatch-canary"` arrived: a test, nothing happened');
    expect(chat.content.description).toMatch(/^TEST in `prod`: nothing happened\./);
    const alarm = JSON.parse(message('alarm', await canary()).body);
    expect(alarmComplaints(alarm)).toEqual([]);
    expect(alarm.AlarmName).toMatch(/^csrwatch test prod: /);
    expect(alarm.NewStateReason).toBe(first);
  });

  test('requires no action and gives no reasons', async () => {
    const text = email(await canary());
    expect(text).toContain('WHAT TO DO NOW\n1. No action is needed');
    expect(text).not.toMatch(/kubectl|WHY IT MATTERS|\n2\. /);
  });

  test('is called a test whatever rule matches it', async () => {
    const one = await canary({ severity: 'critical', rule: { ...rule, id: 'own', severity: 'critical' } });
    expect(message('text', one).subject).toMatch(/^\[test\] /);
  });
});

describe('no request to an API server is reported as a test', () => {
  test.each<[string, object]>([
    ['by a user with the name of the canary', { verb: 'create', stage: 'ResponseComplete' }],
    ['with the verb of the canary as its HTTP method', { stage: 'ResponseComplete' }],
    ['with a verb of Kubernetes', { verb: 'create' }],
  ])('%s', async (_, changes) => {
    const one = { ...(await findingOf({ ...sent, ...changes })), rule };
    expect(email(one)).not.toMatch(/TEST|arrived/);
    expect(sms(one)).not.toMatch(/TEST|arrived/);
  });

  test('in a line of the legacy format', async () => {
    expect(sms(await canary({ format: 'legacy' }))).not.toMatch(/TEST|arrived/);
  });

  test('by the same rule and user as a test, and has an alert of its own', async () => {
    const request = { ...(await findingOf({ user: { username: 'csrwatch-canary' } })), rule };
    const subjects = messages('text', [await canary(), request]).map(({ subject }) => subject);
    expect(subjects).toEqual([expect.stringMatching(/^\[test\]/), expect.stringMatching(/^\[high\]/)]);
  });
});
