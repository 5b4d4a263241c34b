import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readLegacyLine } from '../../lambda/audit/legacy-line.ts';
import { recordingPath } from '../recordings.ts';

test("the API server's own log holds what the audit log lacks", () => {
  const lines = readFileSync(recordingPath('apiserver.log'), 'utf8').split('\n');
  const events = lines.flatMap((line) => readLegacyLine(line) ?? []);
  expect(events).toHaveLength(4);
  expect(events[0]).toEqual({
    auditID: '80c30f9f-d0b8-4c38-8db0-347db42c3a22',
    stage: 'ResponseComplete',
    requestURI:
      '/apis/certificates.k8s.io/v1/certificatesigningrequests/invisible?fieldManager=curl&force=true',
    verb: 'patch',
    user: { username: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:authenticated'] },
    sourceIPs: ['203.0.113.24'],
    userAgent: 'curl/8.5.0',
    objectRef: {
      resource: 'certificatesigningrequests',
      name: 'invisible',
      apiGroup: 'certificates.k8s.io',
      apiVersion: 'v1',
    },
    responseStatus: { code: 201 },
    stageTimestamp: '2026-11-23T21:56:15.568813332Z',
  });
});

test('a resource that is percent-encoded in the URI is the same resource', () => {
  const line =
    '2026-11-23T21:56:15Z AUDIT: id="1" stage="Panic" method="patch" user="a\\"b\\n" uri="/apis/certificates.k8s.io/v1/%63ertificatesigningrequests/x/approval"';
  expect(readLegacyLine(line)).toMatchObject({
    user: { username: 'a"b\n' },
    objectRef: { resource: 'certificatesigningrequests', name: 'x', subresource: 'approval' },
  });
});
