import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the last alert of the tour is that an issued certificate is being used', {
  timeout: 180_000,
}, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['cli/csrwatch.js', 'local'], {
    maxBuffer: 2 ** 24,
  });
  const subjects = stdout.split('\n').filter((line) => /^ {2}\[(critical|high|medium|low)\] /.test(line));
  expect(subjects.at(-1)).toContain('"bob" used an issued certificate to create pods/exec (refused)');
  const [, email = ''] = stdout.split('The last of the most severe alerts as an e-mail');
  expect(email).toContain(
    'the client certificate for CN="bob", O="oidc:security" that "kubernetes-admin" requested is being used',
  );
  expect(email).toMatch(/First used: +2026-11-23 21:56:10 UTC from 198\.51\.100\.77/);
});
