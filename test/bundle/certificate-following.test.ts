import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { LocalFunction } from '../../cli/local/local-function.ts';
import { drainQueue, dropObject } from '../../cli/local/local-sources.ts';
import { receiveAll } from '../../cli/local/subscriber.ts';
import {
  certificate as bobs,
  certificateLogText,
  clients,
} from '../fixtures/recordings/write-certificate-uses.ts';
import type { RunningServer } from '../loopback-server.ts';
import { forgetAlerts } from './dedup-items.ts';
import { useLocalStack } from './local-stack.ts';
import { type Answer, before } from './servers.ts';

const rule = 'kubernetes-issued-certificate-used';
const invisibles = '87fed68954469576f002302ec75eaf745281163c5e7a301e55f8e880e836848a';

const stack = useLocalStack();
const folder = mkdtempSync(join(tmpdir(), 'csrwatch-following-'));
const servers: RunningServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const issued = file('certificate-issued', certificateLogText('certificate-issued'));
const used = file('certificate-used', certificateLogText('certificate-used'));

function file(name: string, text: string): string {
  const path = join(folder, `${name}.ndjson`);
  writeFileSync(path, text);
  return path;
}

/** An instance that has no list yet. */
const fresh = () => stack().startAnother('objects');

/** Delivers a file as an object. @returns whether it was returned for retry */
async function deliver(path: string, objects: LocalFunction): Promise<boolean> {
  const source = { ...stack().s3Source, objects };
  await dropObject(path, source);
  return (await drainQueue(source)).failures.length > 0;
}

/** What the subscribers received about uses since the last call. */
async function received() {
  const findings = await receiveAll(stack().aws.sqs, stack().findingsQueueUrl);
  const alerts = await receiveAll(stack().aws.sqs, stack().alertsQueueUrl);
  return {
    findings: findings
      .map(({ Message }) => JSON.parse(Message))
      .filter((finding) => finding.rule.id === rule)
      .map(({ certificate, actor, uses: { count }, outcome }) => ({
        sha256: certificate.sha256,
        from: actor.sourceIPs.join(),
        with: actor.userAgent.split('/')[0],
        requests: count,
        outcome,
      })),
    alerts: alerts
      .map(({ Message }): string => JSON.parse(Message).email)
      .filter((email) => email.includes('is being used') || email.includes('issued certificate')),
  };
}

const count = ({ findings, alerts }: Awaited<ReturnType<typeof received>>) => [
  findings.length,
  alerts.length,
];

const bobsFirst = { sha256: bobs, ...clients.issued[0], outcome: 'succeeded' };
const invisiblesFirst = {
  ...{ sha256: invisibles, from: '198.51.100.77', with: 'kubectl', requests: 1, outcome: 'succeeded' },
};

const follow = (instance: LocalFunction, request: object) => instance.invoke({ follow: request });

function metricsOf({ log }: LocalFunction) {
  return log.flatMap((line) => (line.includes('"_aws"') ? [JSON.parse(line)] : []));
}

/** An instance whose watch list is down as long as `isDown` says; the dedup table answers. */
async function withWatchList(isDown: () => boolean): Promise<LocalFunction> {
  const down: Answer = { status: 400, body: '{"__type":"com.amazonaws#AccessDeniedException"}' };
  const target = stack().aws.environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '';
  const server = await before(target, (body) => (isDown() && isOfWatchList(body) ? down : undefined));
  servers.push(server);
  return stack().startAnother('objects', { AWS_ENDPOINT_URL_DYNAMODB: server.url });
}

function isOfWatchList(body: string): boolean {
  const { TableName = '' }: { TableName?: string } = JSON.parse(body || '{}');
  return TableName.includes('WatchList');
}

describe('an object that issues certificates', () => {
  test('alerts about their uses in it, before the issuance and after it, and follows them', async () => {
    const instance = await fresh();
    expect(await deliver(issued, instance)).toBe(false);
    const { findings, alerts } = await received();
    expect(findings).toEqual([bobsFirst, invisiblesFirst]);
    expect(alerts).toHaveLength(2);
    const list = await follow(instance, { action: 'list' });
    expect(list).toMatchObject({ limit: 5_000 });
    expect(list).toMatchObject({
      certificates: expect.arrayContaining([
        expect.objectContaining({
          certificate: bobs,
          subject: 'CN=bob, O=oidc:security',
          csrName: 'bob-laptop',
          requester: 'kubernetes-admin',
          issued: expect.stringMatching(/^2026-11-23T21:56:10/),
          until: '2027-11-23T21:51:10Z',
          addedBy: 'finding',
          findingId: expect.stringMatching(/^[0-9a-f]{32}$/),
        }),
      ]),
    });
  });
});

describe('later objects', () => {
  test('are searched for the certificates that another instance found, and for no other', async () => {
    await deliver(issued, await fresh());
    await received();
    const instance = await fresh();
    expect(await deliver(used, instance)).toBe(false);
    const { findings, alerts } = await received();

    // the client that was alerted before is only counted
    expect(findings).toEqual([
      { sha256: bobs, ...clients.used[1], outcome: 'refused' },
      { sha256: bobs, ...clients.used[2], outcome: 'refused' },
    ]);
    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toContain('This is the most serious of 2 events');
    expect(alerts[0]).toMatch(/First used: +2026-11-23 21:56:10 UTC from 198\.51\.100\.77 with "kubectl/);
    expect(metricsOf(instance)).toEqual([expect.objectContaining({ CertificatesFollowed: 7 })]);
  });

  test('add the further uses of a client to a summary, once', async () => {
    const instance = await fresh();
    await deliver(issued, instance);
    await deliver(used, instance);
    for (const path of [used, issued, used]) await deliver(path, await fresh());
    expect((await received()).findings).toHaveLength(4);
    const more = file('more', certificateLogText('certificate-used').replaceAll(':36:', ':46:'));
    await deliver(more, instance);
    expect(count(await received())).toEqual([0, 0]);
    const time = new Date(Date.now() + 16 * 60_000).toISOString();
    const schedule = { source: 'aws.events', 'detail-type': 'Scheduled Event', time, detail: {} };
    await instance.invoke(schedule);
    const { alerts } = await received();
    expect(alerts).toHaveLength(1);
    // the request of the known client in the first object, and all four in the second one
    expect(alerts[0]).toMatch(/^CRITICAL in prod: 5 more requests with an issued certificate by "bob"/);
    expect(alerts[0]).toContain(`SHA-256 of the certificate: ${bobs}`);
    await instance.invoke({ ...schedule, time: new Date(Date.now() + 40 * 60_000).toISOString() });
    expect(count(await received())).toEqual([0, 0]);
  });

  test('alert about each of a few new clients, and roll up the others', async () => {
    const instance = await fresh();
    await deliver(issued, instance);
    await received();
    const [line = ''] = certificateLogText('certificate-used')
      .split('\n')
      .filter((each) => each.includes(`X509SHA256=${bobs}"]`) && each.includes('"code":200'));
    for (let number = 0; number < 8; number += 1) {
      const event = { ...JSON.parse(line), auditID: `client-${number}`, userAgent: `client-${number}` };
      await deliver(file(`client-${number}`, `${JSON.stringify(event)}\n`), instance);
    }
    // the two first uses were alerts of this window as well
    expect(count(await received())).toEqual([8, 3]);
    const time = new Date(Date.now() + 16 * 60_000).toISOString();
    await instance.invoke({ source: 'aws.events', 'detail-type': 'Scheduled Event', time, detail: {} });
    const { alerts } = await received();
    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toMatch(
      /^CRITICAL in prod: 5 more requests with issued certificates by several other clients/,
    );
  });

  test('alert again about a client whose requests were refused and then succeed', async () => {
    const instance = await fresh();
    await deliver(issued, instance);
    await deliver(used, instance);
    await received();
    const text = certificateLogText('certificate-used').replaceAll(':36:', ':46:');
    const allowed = text.replaceAll('"code":403', '"code":200').replaceAll('"forbid"', '"allow"');
    await deliver(file('allowed', allowed), instance);
    expect((await received()).findings.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
  });
});

describe('if the watch list is down', () => {
  test('an issuance is alerted and returned for retry, which adds the certificate', async () => {
    let isDown = true;
    const instance = await withWatchList(() => isDown);
    expect(await deliver(issued, instance)).toBe(true);
    const { findings } = await received();
    // the uses in the same object are found all the same
    expect(findings).toEqual([bobsFirst, invisiblesFirst]);
    const [metrics] = metricsOf(instance);
    expect(metrics.WatchListFailed).toBeGreaterThan(0);
    expect(metrics.Findings).toBeGreaterThan(2);
    // the instance that found it goes on with what it has
    await deliver(used, instance);
    expect((await received()).findings).toHaveLength(2);
    isDown = false;
    expect(await deliver(issued, instance)).toBe(false);
    expect((await received()).findings).toEqual([]);
    const { certificates } = Object(await follow(await fresh(), { action: 'list' }));
    expect(certificates).toHaveLength(7);
  });

  test('objects are read, and once it is back their uses are found', async () => {
    await deliver(issued, await fresh());
    await received();
    let isDown = true;
    const instance = await withWatchList(() => isDown);
    expect(await deliver(used, instance)).toBe(false);
    expect((await received()).findings).toEqual([]);
    expect(metricsOf(instance)).toEqual([
      expect.objectContaining({ WatchListFailed: 1, CertificatesFollowed: 0, Faults: 0 }),
    ]);
    expect(instance.log.join('\n')).toContain('the watch list failed: read');
    isDown = false;
    await deliver(used, instance);
    expect((await received()).findings).toHaveLength(2);
  });
});

describe('by hand', () => {
  const reason = 'found in an archive';

  test('a certificate is added, and its uses are found', async () => {
    const instance = await fresh();
    expect(await follow(instance, { action: 'add', certificate: bobs, reason })).toEqual({ added: true });
    expect(await follow(instance, { action: 'add', certificate: bobs, reason })).toEqual({ added: false });
    expect(await follow(instance, { action: 'list' })).toMatchObject({
      certificates: [{ certificate: bobs, addedBy: 'hand', reason, cluster: null }],
    });
    await deliver(used, await fresh());
    const { findings, alerts } = await received();
    expect(findings).toHaveLength(3);
    expect(alerts[0]).toContain('the client certificate for CN="bob", O="oidc:security" is being used');
    expect(alerts[0]).toMatch(/Followed: +added by hand, with the reason "found in an archive"/);
  });

  test('a certificate is removed, and its issuance does not add it again', async () => {
    const instance = await fresh();
    await deliver(issued, instance);
    const remove = { action: 'remove', certificate: bobs, reason: 'a test' };
    expect(await follow(instance, remove)).toEqual({ removed: true });
    expect(await follow(instance, remove)).toEqual({ removed: false });
    expect(metricsOf(instance).at(-1)).toMatchObject({ WatchListRemovals: 1 });
    await received();
    const another = await fresh();
    await forgetAlerts(stack());
    await deliver(issued, another);
    await deliver(used, another);
    expect((await received()).findings).toEqual([invisiblesFirst]);
    expect(await follow(another, { action: 'add', certificate: bobs, reason })).toEqual({ added: true });
  });

  test.each([
    [{ action: 'drop' }, 'The action is not list, add or remove.'],
    [{ action: 'add', certificate: 'AB'.repeat(32), reason }, /^The certificate is not a SHA-256/],
    [{ action: 'add', certificate: bobs }, 'A reason is needed.'],
    [{ action: 'remove', certificate: bobs, reason: ' ' }, 'A reason is needed.'],
    [
      { action: 'add', certificate: bobs, reason, until: 'soon' },
      /^The end of the certificate is not a time/,
    ],
  ])('the request %j is refused', async (request, error) => {
    expect(await follow(stack().s3Source.objects, request)).toEqual({ error: expect.stringMatching(error) });
  });

  test('a function without a list answers so', async () => {
    expect(await follow(stack().logsSource.logs, { action: 'list' })).toEqual({
      error: 'This function follows no certificates.',
    });
  });
});
