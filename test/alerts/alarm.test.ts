import { describe, expect, test } from 'vitest';
import { render } from '../../lambda/alerts/render.ts';
import type { Actor, Finding } from '../../lambda/findings/finding.ts';
import { context, finding, message, outcomes, phases } from './samples.ts';
import { alarmComplaints } from './schemas.ts';

const alarm = (one: Finding) => JSON.parse(message('alarm', one).body);
const actor = (name: string | null): Actor => ({ name, groups: [], extra: {}, sourceIPs: [] });

describe('an alarm', () => {
  const cases = phases.flatMap((phase) => outcomes.map((outcome) => ({ phase, outcome })));
  test.each(cases)('of $phase, $outcome, follows the schema of CloudWatch', async (changes) => {
    expect(alarmComplaints(alarm(await finding(changes)))).toEqual([]);
  });

  test('has a valid SNS subject that begins with its state, as PagerDuty requires', async () => {
    const plain = message('alarm', await finding()).subject;
    expect(plain).toBe('ALARM: "csrwatch high prod: kubernetes-admin: a-rule" in eu-central-1');
    const long = message('alarm', await finding({ actor: actor('a'.repeat(400)) })).subject;
    expect(long).toMatch(/^ALARM: "[\x20-\x7e]+\.\.\." in eu-central-1$/);
    expect(long?.length).toBe(99);
  });

  test('shares its name with alarms of the same severity, rule, cluster and actor only', async () => {
    const names = async (changes: Partial<Finding>) => alarm(await finding(changes)).AlarmName;
    expect(await names({ phase: 'approved', outcome: 'refused', time: 'later' })).toBe(await names({}));
    const others = [
      {},
      { severity: 'critical' },
      { severity: 'low' },
      { cluster: null },
      { cluster: 'unnamed cluster' },
      { cluster: 'prod: kubernetes-admin' },
      { actor: actor('mallory') },
      { actor: actor(null) },
      { actor: actor('mall\u00f6ry') },
      { actor: actor('mall\u00f8ry') },
      { actor: actor(`${'a'.repeat(300)}b${'c'.repeat(300)}`) },
      { actor: actor(`${'a'.repeat(300)}d${'c'.repeat(300)}`) },
      { actor: actor('a: b') },
      { rule: { id: 'other', name: 'Other', severity: 'high', riskScore: 73 } },
    ] as const;
    const found = await Promise.all(others.map(names));
    expect(new Set(found).size).toBe(others.length);
  });

  test('starts with the headline, and contains steps and a link', async () => {
    const { AlarmDescription: text, NewStateReason: reason } = alarm(await finding());
    expect(reason).toBe(
      'HIGH in prod: "kubernetes-admin" requested a client certificate for CN="bob", O="oidc:security". Pending approval.',
    );
    expect(text.split('\n')[0]).toBe(reason);
    expect(text).toContain('kubectl certificate deny bob-laptop');
    expect(text).toContain('https://eu-central-1.console.aws.amazon.com/s3/object/');
  });

  test.each([
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eu-central-1', 'aws'],
  ])('has an ARN of the partition of %s', async (region, partition) => {
    const [page] = render('alarm', [await finding()], { ...context, region });
    expect(JSON.parse(page?.message.body ?? '').AlarmArn).toMatch(
      `arn:${partition}:cloudwatch:${region}:111122223333:alarm:csrwatch high prod`,
    );
  });
});
