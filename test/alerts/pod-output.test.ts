import { describe, expect, test } from 'vitest';
import { renderings } from '../../lambda/alerts/channel.ts';
import { runScan } from '../run-command.ts';
import { truthTable } from '../truth-table.ts';
import { finding, message } from './samples.ts';

const warning =
  /was read from the output of the pod `?"default\/shell-1"`?, where any program could have written it/;

describe.each(renderings)('on %s', (rendering) => {
  test("an alert about an event from a pod's output states so", async () => {
    const { subject = '', body } = message(
      rendering,
      await finding({ pod: { name: 'shell-1', namespace: 'default' } }),
    );
    if (rendering === 'json')
      return expect(JSON.parse(body)).toMatchObject({ pod: { name: 'shell-1', namespace: 'default' } });
    expect(JSON.stringify(JSON.parse(body)).replaceAll('\\"', '"')).toMatch(warning);
    if (rendering === 'text') {
      expect(subject).toContain("(from a pod's output)");
      expect(JSON.parse(body).sms).toContain("(from a pod's output)");
    }
    return undefined;
  });

  test('an alert about an event from a pod of kube-system does not, nor one about any other event', async () => {
    for (const pod of [undefined, { name: 'kube-apiserver-1', namespace: 'kube-system' }]) {
      const { subject, body } = message(rendering, await finding(pod ? { pod } : {}));
      expect(`${subject} ${body}`).not.toMatch(/any program|a pod's output/);
    }
  });
});

test("scan prints that an event comes from a pod's output", () => {
  const log = truthTable[0]?.text ?? '';
  const line = (pod: object) => `${JSON.stringify({ log, kubernetes: pod })}\n`;
  const from = (pod: object) => runScan([], line(pod)).stdout.replace(/\s+/g, ' ');
  const wanted = 'read from the output of the pod default/shell-1, where any program could have written it';
  expect(from({ pod_name: 'shell-1', namespace_name: 'default' })).toContain(wanted);
  expect(from({ pod_name: 'shell-1' })).toContain('the output of the pod shell-1,');
  expect(from({ pod_name: 'kube-apiserver-1', namespace_name: 'kube-system' })).not.toContain('output of');
});
