import { expect, test } from 'vitest';
import { type CanaryOptions, runCanary } from '../../lambda/canary/run-canary.ts';

const options: CanaryOptions = { id: 'run', timeoutMs: 200, pauseMs: 1 };
const auditIdIn = (event: string): string => JSON.parse(event).auditID;

/** Roads whose events arrive as pages, and how pages of somebody else's canary stay where they are. */
function inbox(lost: readonly string[] = []) {
  let pages: string[] = ['not JSON', JSON.stringify({ event: { auditID: 'csrwatch-canary-other-1' } })];
  const road = (name: string) => ({
    name,
    async send(event: string) {
      if (!lost.includes(name)) pages.push(JSON.stringify({ event: { auditID: auditIdIn(event) } }));
    },
  });
  const receive = async (isWanted: (page: string) => boolean) => {
    const taken = pages.filter(isWanted);
    pages = pages.filter((page) => !isWanted(page));
    return taken;
  };
  return { road, receive, left: () => pages.length };
}

test('each road is open whose page comes', async () => {
  const { road, receive, left } = inbox();
  expect(await runCanary([road('a'), road('b')], receive, options)).toEqual([
    { road: 'a', ok: true, seconds: expect.any(Number) },
    { road: 'b', ok: true, seconds: expect.any(Number) },
  ]);
  expect(left()).toBe(2);
});

test('a road whose page does not come is told, and no other', async () => {
  const { road, receive } = inbox(['b']);
  expect(await runCanary([road('a'), road('b')], receive, options)).toEqual([
    { road: 'a', ok: true, seconds: expect.any(Number) },
    { road: 'b', ok: false, reason: 'no page came within 0 s' },
  ]);
});

test('a road that takes nothing fails alone', async () => {
  const { road, receive } = inbox();
  const shut = {
    name: 'shut',
    send: () => Promise.reject(new Error('AccessDenied')),
  };
  expect(await runCanary([shut, road('a')], receive, options)).toEqual([
    { road: 'shut', ok: false, reason: 'it could not be sent: Error: AccessDenied' },
    { road: 'a', ok: true, seconds: expect.any(Number) },
  ]);
});
