import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { certificateSearch } from '../lambda/follow/certificate-search.ts';
import { Fingerprints } from '../lambda/follow/fingerprints.ts';
import { namedCluster } from '../lambda/scan/cluster-name.ts';
import { scan } from '../lambda/scan/scan-input.ts';
import { chunks } from './generate.ts';

/** What following certificates adds to the scan of an object, in time of the processor. */
export interface FollowSpeed {
  readonly certificates: number;
  readonly withoutMs: number;
  readonly withMs: number;
}

const literals = ['certificatesigningrequests', 'podcertificaterequests', 'clustertrustbundles'];
const certificates = 1_000;
const bytes = 50e6;
const repetitions = 40;

/** On a gzip of a log in which half of the events carry a credential id of a certificate that is not followed. */
export async function measureFollowing(): Promise<FollowSpeed> {
  const object = withCredentialIds();
  const followed = new Fingerprints(
    Array.from({ length: certificates }, (_, index) => fingerprint(`followed ${index}`)),
  );
  const checked = certificateSearch(followed);
  const [without, withSearch]: [number[], number[]] = [[], []];
  for (let run = 0; run <= repetitions; run += 1) {
    const [first, second] = [await scanMs(object), await scanMs(object, checked)];
    // the first run warms the compiler up
    if (run > 0) {
      without.push(first);
      withSearch.push(second);
    }
  }
  return { certificates, withoutMs: least(without), withMs: least(withSearch) };
}

function withCredentialIds(): Buffer {
  let count = 0;
  const texts: string[] = [];
  for (const chunk of chunks(bytes)) {
    const lines = chunk.toString().replaceAll('X509SHA256=', 'other=').split('\n');
    texts.push(
      ...lines.map((line) => {
        count += 1;
        const id = `X509SHA256=${fingerprint(`node ${count % 500}`)}`;
        const extra = `"extra":{"authentication.kubernetes.io/credential-id":["${id}"]}`;
        return count % 2 === 0 ? line : line.replace('"user":{', `"user":{${extra},`);
      }),
    );
  }
  return gzipSync(texts.join('\n'));
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function scanMs(object: Buffer, checked?: ReturnType<typeof certificateSearch>): Promise<number> {
  const before = process.cpuUsage();
  const { fault } = await scan(
    {
      origin: { kind: 'file', path: 'bench' },
      cluster: namedCluster(null),
      async *open() {
        yield object;
      },
    },
    { literals, ...(checked ? { checked } : {}), onRecord: () => {} },
  );
  if (fault) throw new Error(fault.reason);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The least disturbed run. */
function least(values: readonly number[]): number {
  return Math.min(...values);
}
