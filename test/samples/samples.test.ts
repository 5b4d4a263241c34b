import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { sampleFile, samples } from '../../samples/write.ts';
import { runScan } from '../run-command.ts';

const path = (name: string) => `samples/${name}.ndjson.gz`;

test('the certificate of one sample is used in another', () => {
  const both = [path('self-managed'), path('certificate-used')];
  const usesIn = (paths: readonly string[]) => {
    const { stdout } = runScan([
      '--format',
      'json',
      '--only',
      'kubernetes-issued-certificate-used',
      ...paths,
    ]);
    return JSON.parse(stdout).findings.length;
  };
  expect(usesIn(both)).toBe(usesIn(both.slice(0, 1)) + 2);
});

describe.each(samples)('the sample $name', ({ name, lines }) => {
  const packed = readFileSync(sampleFile(name));

  test('is of the recordings: else run npx node samples/write.ts', () => {
    expect(gunzipSync(packed).toString('utf8') === `${lines().join('\n')}\n`).toBe(true);
  });

  test('is small enough for a repository, and most of it is no finding', () => {
    expect(packed.length).toBeLessThan(200_000);
    const { findings } = JSON.parse(runScan(['--format', 'json', path(name)]).stdout);
    // in one of them a certificate is used that was issued in another
    expect(findings.length).toBeGreaterThan(name === 'certificate-used' ? -1 : 10);
    expect(findings.length).toBeLessThan(lines().length / 10);
  });
});
