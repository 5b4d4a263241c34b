import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../infra/bundle.ts';
import { packageFile } from '../../lambda/rules/package-file.ts';

const repository = packageFile('.');

/** What a later version may do: it raises the format version and adds attributes. Each is a replacement in a file. */
const laterVersion: readonly (readonly [file: string, from: string, to: string])[] = [
  ['format-version.ts', 'formatVersion = 1', 'formatVersion = 2'],
  ['dedup/dynamodb-table.ts', 'formatVersion, claimedBy', "formatVersion, addedLater: 'x', claimedBy"],
  ['dedup/dynamodb-windows.ts', 'endsMs,\n            [', "endsMs, addedLater: 'x',\n            ["],
  ['dedup/dynamodb-windows.ts', 'JSON.stringify(scope)', 'JSON.stringify({ ...scope, addedLater: 1 })'],
  [
    'dedup/dynamodb-windows.ts',
    "':all': JSON.stringify(all)",
    "':all': JSON.stringify({ addedLater: 1, ...all })",
  ],
  ['dedup/dynamodb-windows.ts', 'JSON.stringify(read)', 'JSON.stringify({ ...read, addedLater: 1 })'],
  [
    'follow/dynamodb-watch-list.ts',
    'JSON.stringify(storable(followed))',
    "JSON.stringify({ ...storable(followed), addedLater: 1 }), addedLater: 'x'",
  ],
];

/**
 * Bundles a version that could follow this one.
 * @param rules - rules.json of this version
 * @returns the path of its index.mjs
 */
export async function laterBundle(rules: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'csrwatch-later-'));
  const changed = new Set<string>();
  const files = new RegExp(`/lambda/(?:${[...new Set(laterVersion.map(([file]) => file))].join('|')})$`);
  await build({
    ...bundleOptions(directory),
    plugins: [
      {
        name: 'later version',
        setup({ onLoad }) {
          onLoad({ filter: files }, ({ path }) => {
            let contents = readFileSync(path, 'utf8');
            for (const [file, from, to] of laterVersion) {
              if (!path.endsWith(`/lambda/${file}`)) continue;
              if (!contents.includes(from)) throw new Error(`${file} does not contain ${from}`);
              contents = contents.replace(from, to);
              changed.add(file);
            }
            return { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  writeFileSync(join(directory, 'rules.json'), rules);
  return join(directory, 'index.mjs');
}

/**
 * Bundles the last tagged version as its users deploy it.
 * @returns its tag and the path of its index.mjs; `undefined` if the clone has no tag
 */
export function taggedBundle(): { readonly tag: string; readonly entry: string } | undefined {
  const { status, stdout } = spawnSync('git', ['describe', '--tags', '--abbrev=0', '--match', 'v*'], {
    cwd: repository,
    encoding: 'utf8',
  });
  if (status !== 0) return undefined;
  const tag = stdout.trim();
  const directory = mkdtempSync(join(tmpdir(), 'csrwatch-tagged-'));
  const checkout = join(directory, 'checkout');
  mkdirSync(checkout);
  const archive = execFileSync('git', ['archive', tag], { cwd: repository, maxBuffer: 2 ** 30 });
  execFileSync('tar', ['-x', '-C', checkout], { input: archive });
  symlinkSync(join(repository, 'node_modules'), join(checkout, 'node_modules'));
  const cdk = join(repository, 'node_modules', '.bin', 'cdk');
  execFileSync(process.execPath, [cdk, 'synth', '--quiet', '-c', 'cluster=prod'], {
    cwd: checkout,
    stdio: 'pipe',
  });
  // the asset of a function, as opposed to those of the CDK
  const [entry] = globSync(join(checkout, 'cdk.out', 'asset.*', 'rules.json'));
  if (entry === undefined) throw new Error(`${tag} has no bundle`);
  return { tag, entry: join(dirname(entry), 'index.mjs') };
}
