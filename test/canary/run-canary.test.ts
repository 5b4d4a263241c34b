import { expect, test } from 'vitest';
import { type CanaryOptions, runCanary } from '../../lambda/canary/run-canary.ts';

const options: CanaryOptions = { id: 'run', timeoutMs: 200, pauseMs: 1 };
const auditIdIn = (event: string): string => JSON.parse(event).auditID;

/** Sources whose events arrive as alerts, beside alerts of another run's canary. */
function inbox(lost: readonly string[] = []) {
  let alerts: string[] = ['not JSON', JSON.stringify({ event: { auditID: 'csrwatch-canary-other-1' } })];
  const source = (name: string) => ({
    name,
    async send(event: string) {
      if (!lost.includes(name)) alerts.push(JSON.stringify({ event: { auditID: auditIdIn(event) } }));
    },
  });
  const receive = async (isWanted: (alert: string) => boolean) => {
    const taken = alerts.filter(isWanted);
    alerts = alerts.filter((alert) => !isWanted(alert));
    return taken;
  };
  return { source, receive, left: () => alerts.length };
}

test('each source whose alert arrives is ok', async () => {
  const { source, receive, left } = inbox();
  expect(await runCanary([source('a'), source('b')], receive, options)).toEqual([
    { source: 'a', ok: true, seconds: expect.any(Number) },
    { source: 'b', ok: true, seconds: expect.any(Number) },
  ]);
  expect(left()).toBe(2);
});

test('a source whose alert does not arrive is reported, and no other', async () => {
  const { source, receive } = inbox(['b']);
  expect(await runCanary([source('a'), source('b')], receive, options)).toEqual([
    { source: 'a', ok: true, seconds: expect.any(Number) },
    { source: 'b', ok: false, reason: 'no alert arrived within 0 s' },
  ]);
});

test('a source that takes nothing does not affect the others', async () => {
  const { source, receive } = inbox();
  const shut = {
    name: 'shut',
    send: () => Promise.reject(new Error('AccessDenied')),
  };
  expect(await runCanary([shut, source('a')], receive, options)).toEqual([
    { source: 'shut', ok: false, reason: 'it could not be sent: Error: AccessDenied' },
    { source: 'a', ok: true, seconds: expect.any(Number) },
  ]);
});
