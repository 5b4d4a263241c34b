import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createKeptEvents, eventText } from '../../../../cli/report/page/kept-events.ts';
import { ticksOf } from '../../../../cli/report/page/time-axis.ts';
import { finding, wholeStory } from '../made-up.ts';
import { items, pageOf, textOf } from './page-of.ts';

const numbered = (count: number, changes: Parameters<typeof finding>[0] = {}) =>
  Array.from({ length: count }, (_, index) =>
    finding({
      ...changes,
      eventDigest: `${changes.severity} ${index}`,
      request: { name: `${changes.severity}-${index}`, uid: `${changes.severity}-${index}` },
    }),
  );

describe('a page', () => {
  test('has the overview, the timeline, the story with its facts and events, and how it was made', async () => {
    const page = await pageOf(items(wholeStory));
    const text = textOf(page);
    for (const part of [
      'csrwatch report: 3 findings',
      'Made 2026-11-27 10:00:00 UTC with csrwatch 0.1.0.',
      'requested → approved → issued',
      'CN=system:kube-controller-manager, O=system:masters, O=dev',
      'Whoever asked approved it. self-approval',
      '"auditID": "a-1"',
      'csrwatch scan audit.log',
      'Every input was read to its end, and no record was rejected.',
    ]) {
      expect(text).toContain(part);
    }
    const marks = [...page.matchAll(/class="mark (\w+)"><title>/g)].map(([, severity]) => severity);
    expect(marks).toEqual(['critical', 'critical', 'high']);
  });

  test('names the hashes of its own style and script in its policy, and allows nothing else', async () => {
    const page = await pageOf([]);
    const policy =
      /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
    const sources = policy.replaceAll('&#61;', '=').split('; ');
    for (const name of ['style', 'script']) {
      const [, content = ''] = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(page) ?? [];
      const hash = createHash('sha256').update(content).digest('base64');
      expect(sources).toContain(`${name}-src 'sha256-${hash}'`);
    }
    expect(sources).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
  });

  test('without a finding states so', async () => {
    const text = textOf(await pageOf([]));
    expect(text).toContain('csrwatch report: 0 findings');
    expect(text).toContain('Nothing was found.');
  });

  test('states what was not read: faults, rejected records, gaps, warnings, an interruption', async () => {
    const place = { origin: { kind: 'file', path: 'audit.log' }, line: 7 } as const;
    const text = textOf(
      await pageOf(items(wholeStory), {
        stats: {
          faults: [{ place, reason: 'the gzip is truncated' }],
          rejected: 300,
          rejections: [{ place, reason: 'not JSON' }],
          suspicious: 1,
          suspicions: [{ place, reason: 'looks like an event' }],
          withoutEvents: [{ place, reason: 'does not look like an audit log' }],
        },
        coverage: { firstMs: 0, lastMs: 9e6, gaps: [{ fromMs: 0, toMs: 9e6 }] },
        info: { warnings: ['warning: can never hold'], interruption: '1 of 3 inputs' },
      }),
    );
    for (const part of [
      'The scan was interrupted after 1 of 3 inputs.',
      'audit.log, line 7: the gzip is truncated',
      'Rejected records: 300',
      'audit.log, line 7: not JSON',
      'and 299 more',
      'looks like an event',
      'does not look like an audit log',
      'no events for 3 hours',
      'warning: can never hold',
    ]) {
      expect(text).toContain(part);
    }
  });

  test.each([
    ['at the end', undefined],
    ['as more are found than are kept', 15],
  ])('has the most severe stories if there are more than fit, %s', async (_, maxRequests) => {
    const found = [...numbered(20, { severity: 'low' }), ...numbered(5, { severity: 'critical' })];
    const page = await pageOf(items(found), {
      limits: { maxRequests: 10, maxUses: 1 },
      ...(maxRequests === undefined ? {} : { options: { maxRequests } }),
    });
    expect(page.match(/id="story-/g)).toHaveLength(10);
    expect(page.match(/CSR critical-\d/g)?.length).toBeGreaterThanOrEqual(5);
    expect(textOf(page)).toContain(
      '15 stories: the page has the most severe ones, and the overview counts all.',
    );
    expect(textOf(page)).toContain('csrwatch report: 25 findings');
  });

  test('shows a bounded number of lines of one story, those with a finding first', async () => {
    const many = Array.from({ length: 700 }, (_, index) =>
      finding({ eventDigest: `e${index}`, phase: index % 2 === 0 ? 'approved' : 'denied' }),
    );
    const page = await pageOf(items(many));
    expect(page.match(/<li class="event/g)).toHaveLength(500);
    expect(textOf(page)).toContain('200 more lines of events are not shown.');
  });
});

describe('the events of a page', () => {
  test('are those of the most severe findings, the first of them, in bounded memory', () => {
    const events = createKeptEvents(1_000);
    const event = { text: 'x'.repeat(300) };
    for (const digest of ['a', 'b', 'c', 'd']) events.add(event, digest, 'low');
    expect(['a', 'b', 'c', 'd'].map((digest) => events.textOf(digest) !== undefined)).toEqual([
      true,
      true,
      true,
      false,
    ]);
    events.add(event, 'e', 'critical');
    events.add(event, 'f', 'low');
    expect(['a', 'b', 'c', 'e', 'f'].map((digest) => events.textOf(digest) !== undefined)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  test('are kept as of the most severe of their findings', () => {
    const events = createKeptEvents(1_000);
    events.add({ text: 'x'.repeat(800) }, 'a', 'low');
    events.add({ text: 'x'.repeat(800) }, 'a', 'critical');
    events.add({ text: 'y'.repeat(800) }, 'b', 'high');
    expect(events.textOf('a')).toContain('x');
    expect(events.textOf('b')).toBeUndefined();
  });

  test('of any depth and length take bounded room', () => {
    const deep: unknown = JSON.parse(`${'[{"a":'.repeat(2_000)}1${'}]'.repeat(2_000)}`);
    expect(eventText({ deep }).length).toBeLessThan(20_000);
    const deepest: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(eventText({ deepest })).toBe('(nested too deeply to be shown)');
    expect(eventText({ text: 'é'.repeat(1_000_000) }).length).toBeLessThan(70_000);
  });
});

test.each([
  ['seconds', 4_500, ['21:55:48', '21:55:49', '21:55:50', '21:55:51', '21:55:52']],
  ['days', 4 * 86_400_000, ['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27']],
])('labels of %s are at round times', (_, rangeMs, labels) => {
  const fromMs = Date.parse('2026-11-23T21:55:47.900Z');
  expect(ticksOf(fromMs, fromMs + rangeMs).map(({ label }) => label)).toEqual(labels);
});
