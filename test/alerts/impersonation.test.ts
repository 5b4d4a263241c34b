import { expect, test } from 'vitest';
import { renderings } from '../../lambda/alerts/channel.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { email, finding, findingOf, message, messages } from './samples.ts';

/** A request that a proxy of kube-system made for a person. */
async function requestFor(person: string): Promise<Finding> {
  const { actor, eventDigest } = await findingOf({
    auditID: person,
    user: { username: 'system:serviceaccount:kube-system:proxy' },
    impersonatedUser: { username: person, groups: ['oidc:devs'] },
  });
  return finding({ actor, eventDigest, id: eventDigest });
}

test.each(renderings.filter((rendering) => rendering !== 'json'))(
  'on %s, people behind one proxy are different incidents',
  async (rendering) => {
    const people = [await requestFor('alice'), await requestFor('mallory')];
    expect(messages(rendering, people)).toHaveLength(2);
    expect(messages(rendering, [...people, ...people])).toHaveLength(2);
  },
);

test('the alert names the proxy and the person', async () => {
  const one = await requestFor('alice');
  expect(email(one)).toContain('"system:serviceaccount:kube-system:proxy", impersonating "alice",');
  const names = [one, await requestFor('mallory')].map((each) => {
    const { AlarmName } = JSON.parse(message('alarm', each).body);
    return AlarmName;
  });
  expect(names[0]).toContain('system:serviceaccount:kube-system:proxy as alice: ');
  expect(new Set(names).size).toBe(2);
});
