import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFunction } from '../../cli/local/local-function.ts';
import { writeBundle } from '../../infra/bundle.ts';
import { parseConfig } from '../../infra/config.ts';
import { deployedRules } from '../../infra/rules.ts';

const directory = mkdtempSync(join(tmpdir(), 'csrwatch-bundle-'));
const rules = deployedRules(parseConfig({ buckets: [{}] }, 'the test'));

beforeAll(() => writeBundle(directory, rules));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the bundle', () => {
  test('has less than 750 kB of code', () => {
    const modules = readdirSync(directory).filter((name) => name.endsWith('.mjs'));
    const bytes = modules.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
    expect(bytes).toBeLessThan(750_000);
  });

  test('loads nothing of the SDK before a finding or an object needs it', () => {
    const text = readFileSync(join(directory, 'index.mjs'), 'utf8');
    expect(text).toMatch(/import\("\.\/[\w-]+\.mjs"\)/);
    const atOnce = [...text.matchAll(/\bfrom"\.\/([\w-]+\.mjs)"|\bimport"\.\/([\w-]+\.mjs)"/g)];
    const names = atOnce.map(([, from, bare]) => from ?? bare ?? '');
    const isSdk = (name: string) => /smithy|X-Amz-Target/i.test(readFileSync(join(directory, name), 'utf8'));
    expect(['index.mjs', ...names].filter(isSdk)).toEqual([]);
    expect(readdirSync(directory).filter(isSdk)).not.toEqual([]);
  });

  test('loads few files at a cold start', () => {
    const loaded = new Set<string>();
    const load = (name: string) => {
      if (loaded.has(name)) return;
      loaded.add(name);
      const text = readFileSync(join(directory, name), 'utf8');
      for (const [, from, bare] of text.matchAll(/\bfrom"\.\/([\w-]+\.mjs)"|\bimport"\.\/([\w-]+\.mjs)"/g))
        load(from ?? bare ?? '');
    };
    load('index.mjs');
    // also what the handler imports and lambda/cold-start.ts does not name
    expect(loaded.size).toBeLessThanOrEqual(6);
  });

  test('says why where credentials are missing from the environment', async () => {
    const channels = [
      { rendering: 'json', topicArn: 'arn:aws:sns:eu-central-1:000000000000:t', minSeverity: 'low' },
    ];
    const environment = { AWS_REGION: 'eu-central-1', CSRWATCH_CHANNELS: JSON.stringify(channels) };
    const detector = await startFunction(join(directory, 'index.mjs'), environment, 60_000);
    const body = JSON.stringify({ Records: [{ s3: { bucket: { name: 'b' }, object: { key: 'k' } } }] });
    await detector.invoke({ Records: [{ messageId: 'm', eventSource: 'aws:sqs', body }] });
    detector.stop();
    const [handedBack] = detector.log
      .map((line) => JSON.parse(line))
      .filter(({ level }) => level === 'error');
    expect(handedBack.reasons).toEqual([
      expect.stringContaining('csrwatch takes its credentials from the environment'),
    ]);
  });
});
