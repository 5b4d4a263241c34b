import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { sampleFile, samples } from '../../samples/write.ts';
import { runScan } from '../run-command.ts';

describe.each(samples)('the sample $name', ({ name, lines }) => {
  const packed = readFileSync(sampleFile(name));

  test('is of the recordings: else run npx node samples/write.ts', () => {
    expect(gunzipSync(packed).toString('utf8') === `${lines().join('\n')}\n`).toBe(true);
  });

  test('is small enough for a repository, and most of it is no finding', () => {
    expect(packed.length).toBeLessThan(200_000);
    const { stdout } = runScan(['--format', 'json', `samples/${name}.ndjson.gz`]);
    const { findings } = JSON.parse(stdout);
    expect(findings.length).toBeGreaterThan(10);
    expect(findings.length).toBeLessThan(lines().length / 10);
  });
});
