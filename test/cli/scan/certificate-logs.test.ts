import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  certificate,
  certificateLogFile,
  certificateLogText,
  clients,
} from '../../fixtures/recordings/write-certificate-uses.ts';
import { runScan } from '../../run-command.ts';

const names = ['certificate-issued', 'certificate-used'] as const;

test.each(names)('%s.ndjson.gz is what its program writes', (name) => {
  expect(gunzipSync(readFileSync(certificateLogFile(name))).toString()).toBe(certificateLogText(name));
});

test('in two logs every use of the issued certificate is found, and no other request', () => {
  const paths = names.map((name) => fileURLToPath(certificateLogFile(name)));
  const rule = 'kubernetes-issued-certificate-used';
  const { stdout } = runScan(['--format', 'ndjson', '--only', rule, ...paths]);
  const found = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const bobs = found.filter((finding) => finding.certificate?.sha256 === certificate);
  expect(
    bobs.map(({ actor, uses }) => ({
      from: actor.sourceIPs.join(),
      with: actor.userAgent.split('/')[0],
      requests: uses.count,
    })),
  ).toEqual([{ ...clients.issued[0], requests: 4 }, clients.used[1], clients.used[2]]);
  expect(bobs[1].uses.actions).toEqual([
    { verb: 'list', resource: 'secrets', namespace: 'kube-system', count: 2, refused: 1 },
  ]);
  // the other one is kube-admin-2, whose request is not in the log
  const others = found.filter((finding) => finding.certificate && !bobs.includes(finding));
  expect(others.map(({ event }) => event.user.username)).toEqual(['kube-admin-2']);
});
