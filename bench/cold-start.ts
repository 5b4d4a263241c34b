import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { writeBundle } from '../infra/bundle.ts';
import { parseConfig } from '../infra/config.ts';
import { deployedRules } from '../infra/rules.ts';
import { interleaved, nodeBin, type Run } from './measure.ts';

export interface ColdStart {
  readonly csrwatch: Run;
  readonly empty: Run;
  /** With the chunks that are loaded lazily. */
  readonly bundleKilobytes: number;
}

const rounds = 21;

/** From the start of the process to the response of the first invocation, which has no candidate. */
export async function measureColdStart(): Promise<ColdStart> {
  const folder = mkdtempSync(join(tmpdir(), 'csrwatch-cold-'));
  const ours = join(folder, 'ours');
  const empty = join(folder, 'empty');
  mkdirSync(ours);
  mkdirSync(empty);
  writeBundle(ours, deployedRules(parseConfig({ buckets: [{}] }, 'bench')));
  writeFileSync(join(empty, 'handler.ts'), 'export async function handler() {}\n');
  buildSync({
    entryPoints: [join(empty, 'handler.ts')],
    outfile: join(empty, 'index.mjs'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
  });
  const runner = join(folder, 'run.mjs');
  writeFileSync(runner, runnerText());
  const start = (bundle: string) => ({ args: [nodeBin, runner, join(bundle, 'index.mjs')] });
  const medians = await interleaved({ csrwatch: start(ours), empty: start(empty) }, rounds);
  const bundleKilobytes = readdirSync(ours)
    .filter((name) => name.endsWith('.mjs'))
    .reduce((sum, name) => sum + statSync(join(ours, name)).size / 1_000, 0);
  rmSync(folder, { recursive: true });
  const [csrwatch, nothing] = [medians.get('csrwatch'), medians.get('empty')];
  if (!csrwatch || !nothing) throw new Error('nothing ran');
  return { csrwatch, empty: nothing, bundleKilobytes };
}

/** Loads what Lambda's own runtime loads before a handler, then the handler, and invokes it once. */
function runnerText(): string {
  const channels = [
    { rendering: 'json', topicArn: 'arn:aws:sns:eu-central-1:111122223333:f', minSeverity: 'low' },
  ];
  const environment = { CSRWATCH_CHANNELS: JSON.stringify(channels), AWS_REGION: 'eu-central-1' };
  const envelope = { messageType: 'DATA_MESSAGE', logGroup: 'g', logStream: 's', logEvents: [] };
  const data = gzipSync(JSON.stringify(envelope)).toString('base64');
  return [
    `Object.assign(process.env, ${JSON.stringify(environment)});`,
    "await import('node:http');",
    'const { handler } = await import(process.argv[2]);',
    `await handler(${JSON.stringify({ awslogs: { data } })});`,
    '',
  ].join('\n');
}
