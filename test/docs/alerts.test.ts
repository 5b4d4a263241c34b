import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { situations } from '../../docs/situations.ts';
import { renderings } from '../../lambda/alerts/channel.ts';
import { jsonMessage } from '../../lambda/alerts/renderings/json-rendering.ts';
import { render } from '../../lambda/alerts/renderings/render.ts';
import { context, finding } from '../alerts/samples.ts';
import { alarmComplaints, amazonQComplaints, undocumented } from '../alerts/schemas.ts';

const page = readFileSync(new URL('../../docs/pages.md', import.meta.url), 'utf8');

describe('the six situations', async () => {
  const all = await situations();

  test('are six, and each is one page on each human channel', () => {
    expect(all).toHaveLength(6);
    for (const { findings } of all)
      for (const rendering of renderings.filter((name) => name !== 'json'))
        expect(render(rendering, findings, context)).toHaveLength(1);
  });

  test.each(all)('$title: every message holds to its schema', ({ findings }) => {
    const bodies = (rendering: (typeof renderings)[number]) =>
      render(rendering, findings, context).map(({ message }) => JSON.parse(message.body));
    expect(bodies('chat').flatMap(amazonQComplaints)).toEqual([]);
    expect(bodies('alarm').flatMap(alarmComplaints)).toEqual([]);
    expect(bodies('json').flatMap(undocumented)).toEqual([]);
  });
});

describe('the filter policies that docs/pages.md shows', async () => {
  const policies = [...page.matchAll(/```json filter-policy\n(.*?)```/gs)].map(([, text = '']) =>
    JSON.parse(text),
  );
  const { attributes = {} } = jsonMessage(await finding({ cluster: 'prod' }));

  test('are two, of five keys at most, all of them attributes that a message has', () => {
    expect(policies).toHaveLength(2);
    for (const policy of policies) {
      expect(Object.keys(policy).length).toBeLessThanOrEqual(5);
      for (const key of Object.keys(policy)) expect(Object.keys(attributes)).toContain(key);
    }
    expect(Object.keys(attributes).length).toBeLessThanOrEqual(5);
  });
});
