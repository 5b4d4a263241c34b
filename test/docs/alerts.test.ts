import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { situations, summaries } from '../../docs/situations.ts';
import { renderings } from '../../lambda/alerts/channel.ts';
import { render } from '../../lambda/alerts/render.ts';
import { jsonMessage } from '../../lambda/alerts/renderings/json-rendering.ts';
import { context, finding } from '../alerts/samples.ts';
import { alarmComplaints, amazonQComplaints, undocumented } from '../alerts/schemas.ts';

const docs = new URL('../../docs/', import.meta.url);
const page = readFileSync(new URL('alerts.md', docs), 'utf8');

describe('the situations of docs/alerts.md', async () => {
  const all = await situations();

  test('have a page each, and there are no other pages', () => {
    expect(readdirSync(new URL('alerts/', docs)).sort(), 'run `npm run docs`, and delete old pages').toEqual(
      summaries.map(({ slug }) => `${slug}.md`).sort(),
    );
  });

  test('are one alert each on each human channel', () => {
    for (const { findings } of all)
      for (const rendering of renderings.filter((name) => name !== 'json'))
        expect(render(rendering, findings, context)).toHaveLength(1);
  });

  test.each(all)('$title: every message follows its schema', ({ findings }) => {
    const bodies = (rendering: (typeof renderings)[number]) =>
      render(rendering, findings, context).map(({ message }) => JSON.parse(message.body));
    expect(bodies('chat').flatMap(amazonQComplaints)).toEqual([]);
    expect(bodies('alarm').flatMap(alarmComplaints)).toEqual([]);
    expect(bodies('json').flatMap(undocumented)).toEqual([]);
  });
});

describe('the filter policies in docs/alerts.md', async () => {
  const policies = [...page.matchAll(/```json filter-policy\n(.*?)```/gs)].map(([, text = '']) =>
    JSON.parse(text),
  );
  const { attributes = {} } = jsonMessage(await finding({ cluster: 'prod' }));

  test('are two, with at most five keys, all of them attributes of a message', () => {
    expect(policies).toHaveLength(2);
    for (const policy of policies) {
      expect(Object.keys(policy).length).toBeLessThanOrEqual(5);
      for (const key of Object.keys(policy)) expect(Object.keys(attributes)).toContain(key);
    }
    expect(Object.keys(attributes).length).toBeLessThanOrEqual(5);
  });
});
