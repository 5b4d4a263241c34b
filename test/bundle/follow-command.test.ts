import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalFunction } from '../../cli/local/local-function.ts';
import { drainQueue, dropObject } from '../../cli/local/local-sources.ts';
import { receiveAll } from '../../cli/local/subscriber.ts';
import { type LocalStack, startLocalStack } from '../../cli/local/topology.ts';
import { messageOf } from '../../lambda/message-of.ts';
import { startDeployedFunction } from '../cli/follow/deployed-function.ts';
import { recordingText } from '../recordings.ts';

/** Bob's certificate, and the requests that he makes with it. */
const credentialId = /"X509SHA256=([0-9a-f]{64})"/;
const uses = recordingText('selfmanaged')
  .split('\n')
  .filter((line) => line.includes('"username":"bob"') && credentialId.test(line));
const [, sha256 = ''] = credentialId.exec(uses[0] ?? '') ?? [];

const used = 'kubernetes-issued-certificate-used';

const folder = mkdtempSync(join(tmpdir(), 'csrwatch-follow-'));
let stack: LocalStack;
let deployed: Awaited<ReturnType<typeof startDeployedFunction>>;
beforeAll(async () => {
  stack = await startLocalStack();
  deployed = await startDeployedFunction({ WatchListFunction: 'csrwatch-Objects' }, (payload) =>
    stack.s3Source.objects.invoke(payload).then(
      (result) => ({ result }),
      (error) => ({ throws: messageOf(error) }),
    ),
  );
});
afterAll(async () => {
  await deployed.stop();
  await stack.stop();
});

const follow = async (...args: string[]) => {
  const { stdout, stderr, status } = await deployed.follow(...args, '--stack', 'csrwatch');
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
};

/** What people and programs receive about uses of Bob's certificate from an address, from a new instance of the function. */
async function sentAbout(address: string) {
  const path = join(folder, `${address}.ndjson`);
  const moved = uses.map((line) => {
    const event = JSON.parse(line);
    return JSON.stringify({ ...event, auditID: `${event.auditID}-${address}`, sourceIPs: [address] });
  });
  writeFileSync(path, moved.join('\n'));
  const objects: LocalFunction = await stack.startAnother('objects');
  const source = { ...stack.s3Source, objects };
  await dropObject(path, source);
  expect((await drainQueue(source)).failures).toEqual([]);
  const received = async (queueUrl: string) => {
    const messages = await receiveAll(stack.aws.sqs, queueUrl);
    return messages.map(({ Message }) => Message).filter((text) => text.includes(address));
  };
  const findings = (await received(stack.findingsQueueUrl)).map((text) => JSON.parse(text).rule.id);
  return { alerts: await received(stack.alertsQueueUrl), findings };
}

test('a certificate that is added by hand raises an alert when it is used, until it is removed', async () => {
  expect(uses.length).toBeGreaterThan(1);
  expect(await sentAbout('192.0.2.1')).toEqual({ alerts: [], findings: [] });
  expect(await follow('list')).toBe('No certificates are followed.\n');

  const known = ['--subject', 'CN=bob,O=dev', '--cluster', 'prod', '--until', '2999-01-31'];
  const add = ['add', sha256, '--reason', 'found by a scan of the archive', ...known];
  expect(await follow(...add)).toBe('The certificate is followed now.\n');
  expect(await follow(...add)).toBe('The certificate was already followed: nothing has changed.\n');
  expect(await follow('list')).toBe(
    `${sha256}\n  "CN=bob, O=dev", cluster prod, until 2999-01-31T00:00:00.000Z\n` +
      '  added by hand: "found by a scan of the archive"\n1 certificate followed, of at most 5,000.\n',
  );

  const { alerts, findings } = await sentAbout('192.0.2.2');
  expect(findings).toEqual([used]);
  expect(alerts).toEqual([expect.stringContaining(sha256)]);

  expect(await follow('remove', sha256, '--reason', 'a test')).toBe(
    'The certificate is no longer followed.\n',
  );
  expect(await sentAbout('192.0.2.3')).toEqual({ alerts: [], findings: [] });
  const again = await deployed.follow('remove', sha256, '--reason', 'a test', '--stack', 'csrwatch');
  expect(again).toMatchObject({
    stdout: 'The certificate is not on the list: nothing has changed.\n',
    status: 1,
  });

  expect(await follow(...add)).toBe('The certificate is followed now.\n');
  expect((await sentAbout('192.0.2.4')).findings).toEqual([used]);
});
