import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

/**
 * The samples: parts of the recordings in test/fixtures, long enough that most of each is a cluster's own traffic.
 * `npx node samples/write.ts` writes them; a test fails if they are out of date.
 */
export const samples: readonly { readonly name: string; readonly lines: () => string[] }[] = [
  // three nodes join and pods are deployed; then the attacks, which begin with a kubectl approve
  {
    name: 'eks',
    lines: () => [...recorded('eks-normal').slice(-1_000), ...recorded('eks-attacks')],
  },
  // from the first join by bootstrap token: every stage, with certificates that are issued and used
  { name: 'self-managed', lines: () => recorded('selfmanaged').slice(1_650) },
  // forty minutes later: one of these certificates is used from another address
  { name: 'certificate-used', lines: () => recorded('certificate-used') },
];

function recorded(name: string): string[] {
  const packed = readFileSync(new URL(`../test/fixtures/recordings/${name}.ndjson.gz`, import.meta.url));
  return gunzipSync(packed)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

export const sampleFile = (name: string) => new URL(`${name}.ndjson.gz`, import.meta.url);

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { name, lines } of samples) {
    writeFileSync(sampleFile(name), gzipSync(`${lines().join('\n')}\n`, { level: 9 }));
  }
}
