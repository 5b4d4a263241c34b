import { describe, expect, test } from 'vitest';
import { renderings } from '../../lambda/alerts/channel.ts';
import { render } from '../../lambda/alerts/render.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { context, email, finding, logStream, message, messages, selfApproval, sms } from './samples.ts';

const human = renderings.filter((rendering) => rendering !== 'json');

async function burst(
  count: number,
  changes: (index: number) => Partial<Finding> = () => ({}),
): Promise<Finding[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      finding(
        {
          id: `id${index}`,
          eventDigest: `event${index}`,
          time: `2026-11-23T21:00:${String(index).padStart(2, '0')}Z`,
          ...changes(index),
        },
        { name: `csr-${index}` },
      ),
    ),
  );
}

describe.each(human)('on %s', (rendering) => {
  test('several rules for one event are one alert, about the most severe finding', async () => {
    const [one] = await burst(1);
    const worse: Finding = {
      ...(one as Finding),
      id: 'worse',
      severity: 'critical',
      riskScore: 99,
      rule: { id: 'b', name: 'The worse rule', severity: 'critical', riskScore: 99 },
    };
    const alerts = render(rendering, [one as Finding, worse], context);
    expect(alerts.map(({ keys }) => keys)).toEqual([['event0']]);
    expect(alerts[0]?.message.body).toContain('CRITICAL');
  });

  test('a burst of one rule, cluster and actor is one alert with the keys of all events', async () => {
    const alerts = render(rendering, await burst(12), context);
    expect(alerts).toHaveLength(1);
    expect(alerts[0]?.keys).toEqual(Array.from({ length: 12 }, (_, index) => `event${index}`));
  });

  test.each<[string, Partial<Finding>]>([
    ['another rule', { rule: { id: 'other', name: 'Other', severity: 'high', riskScore: 73 } }],
    ['another cluster', { cluster: 'staging' }],
    ['no cluster', { cluster: null }],
    ['another actor', { actor: { name: 'mallory', groups: [], extra: {}, sourceIPs: [] } }],
    ['no actor', { actor: { name: null, groups: [], extra: {}, sourceIPs: [] } }],
  ])('%s is another alert', async (_, changes) => {
    expect(messages(rendering, await burst(2, (index) => (index === 1 ? changes : {})))).toHaveLength(2);
  });

  test('the same event delivered twice is one alert about one event', async () => {
    const [one] = await burst(1);
    const alerts = render(rendering, [one as Finding, one as Finding], context);
    expect(alerts.map(({ keys }) => keys)).toEqual([['event0']]);
    expect(alerts[0]?.message.body).not.toMatch(/Also matched:|of 2 events/);
  });

  test('no finding is no alert', () => {
    expect(messages(rendering, [])).toEqual([]);
  });
});

describe('a burst', () => {
  test('is led by its most severe event, whatever its position', async () => {
    const findings = await burst(3, (index) =>
      index === 1 ? { severity: 'critical', riskScore: 99, phase: 'approved', signals: [selfApproval] } : {},
    );
    expect(message('text', ...findings).subject).toBe(
      '[critical] prod: "kubernetes-admin" approved its own CN="bob", O="oidc:security" (+2 more)',
    );
    expect(email(...findings)).toMatch(
      /^CRITICAL in prod: "kubernetes-admin" approved its own request "csr-1" /,
    );
  });

  test('of equal severity is led by the event that went farthest: issued, approved, requested; succeeded before refused; last what EKS never signs', async () => {
    const lead = async (...changes: Partial<Finding>[]) =>
      email(...(await burst(changes.length, (index) => changes[index] ?? {}))).split('\n')[0];
    expect(await lead({ phase: 'requested' }, { phase: 'issued' }, { phase: 'approved' })).toContain(
      'issued',
    );
    expect(await lead({ phase: 'approved', outcome: 'refused' }, { phase: 'requested' })).toContain(
      'requested',
    );
    expect(await lead({ phase: 'approved', place: { origin: logStream } }, { phase: 'requested' })).toContain(
      'requested',
    );
  });

  test('of equal phase is led by the event with more raising signals', async () => {
    const privileged = { ...selfApproval, id: 'privileged-subject' };
    const findings = await burst(3, (index) => ({
      phase: 'approved',
      severity: 'critical',
      signals:
        index === 1
          ? [privileged, selfApproval]
          : [
              selfApproval,
              { id: 'weak-key', sentence: 'The key is weak.' },
              { id: 'dry-run', sentence: 'x' },
            ],
    }));
    expect(email(...findings)).toMatch(
      /^CRITICAL in prod: "kubernetes-admin" approved its own request "csr-1" /,
    );
  });

  test('states its size and lists five other events with their actions', async () => {
    const text = email(...(await burst(12)));
    expect(text).toContain('of 12 events of this rule, cluster and user');
    expect(text.match(/^- 2026-11-23 21:00:\d\d UTC: requested .*, high$/gm)).toHaveLength(5);
    expect(text).toContain('- and 6 more; the json channel has all of them');
    expect(sms(...(await burst(12)))).toMatch(/\(\+11 more\)$/);
    expect(JSON.parse(message('chat', ...(await burst(12))).body).content.title).toMatch(/\(\+11 more\)$/);
    expect(JSON.parse(message('alarm', ...(await burst(12))).body).NewStateReason).toContain('12 events');
  });

  test('names the other rules of its leading event', async () => {
    const [one] = await burst(1);
    const other: Finding = {
      ...(one as Finding),
      id: 'x',
      rule: { id: 'x', name: 'Signed without approval', severity: 'high', riskScore: 73 },
    };
    expect(email(one as Finding, other)).toContain('Also matched: Signed without approval (high)');
    expect(message('chat', one as Finding, other).body).toContain(
      'Also matched: `Signed without approval` (high)',
    );
  });
});
