import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRequest } from '../../lambda/findings/x509/read-certificate-request.ts';
import { random } from '../chaos/random.ts';
import type { GoVerdict } from '../fixtures/requests/go-verdict.ts';
import { certificateRequests } from './corpus.ts';
import { mutatedRequest } from './mutate-request.ts';

export interface Comparison {
  readonly requests: number;
  /** That the API server would accept. */
  readonly accepted: number;
  /** That have a valid encoding, at least. */
  readonly parsed: number;
  readonly differences: readonly string[];
}

const folder = fileURLToPath(new URL('../fixtures/requests/', import.meta.url));
const batch = 10_000;

/** @returns the path of Go's command, if it is installed */
export function goCommand(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/go/bin'];
  return folders.map((path) => join(path, 'go')).find((path) => existsSync(path));
}

/**
 * Reads mutated requests with our reader and with Go's, which is the API server's. Ours must accept what Go accepts, with
 * the same names, and refuse the others; what Go parses it must read, whatever the signature.
 * @param onDifference - called as each is found
 */
export function compareRequests(
  go: string,
  { seed, count }: { readonly seed: number; readonly count: number },
  onDifference: (text: string) => void = () => {},
): Comparison {
  const build = mkdtempSync(join(tmpdir(), 'csrwatch-requests-'));
  try {
    const program = join(build, 'verdicts');
    const built = spawnSync(go, ['build', '-o', program, 'verdicts.go'], { cwd: folder, encoding: 'utf8' });
    if (built.status !== 0) throw new Error(`go build: ${built.stderr}`);
    const originals = certificateRequests();
    const differences: string[] = [];
    let accepted = 0;
    let parsed = 0;
    for (let from = seed; from < seed + count; from += batch) {
      const seeds = Array.from({ length: Math.min(batch, seed + count - from) }, (_, index) => from + index);
      const requests = seeds.map((number) => {
        const chosen = random(number, 'request');
        return mutatedRequest(chosen.pick(originals), chosen).replaceAll(/[\r\n]/g, '');
      });
      const judged = spawnSync(program, [], { input: requests.join('\n'), maxBuffer: 2 ** 30 });
      if (judged.status !== 0) throw new Error(`verdicts.go: ${judged.stderr}`);
      const verdicts: GoVerdict[] = judged.stdout
        .toString('utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      if (verdicts.length !== requests.length) throw new Error('verdicts.go: a verdict is missing');
      for (const [index, verdict] of verdicts.entries()) {
        if (verdict.accepted) accepted += 1;
        if (verdict.parsed) parsed += 1;
        const difference = differenceOf(requests[index] ?? '', verdict);
        if (difference === undefined) continue;
        differences.push(`seed ${seeds[index]}: ${difference}\n  ${requests[index]}`);
        onDifference(differences.at(-1) ?? '');
      }
    }
    return { requests: count, accepted, parsed, differences };
  } finally {
    rmSync(build, { recursive: true, force: true });
  }
}

/** What is wrong with how ours reads a request, by Go's verdict. */
export function differenceOf(request: string, verdict: GoVerdict): string | undefined {
  const { subject, parseError } = readRequest(request);
  if (verdict.accepted && parseError !== undefined) return `Go accepts what ours refuses: ${parseError}`;
  if (!verdict.accepted && parseError === undefined) return 'Go refuses what ours accepts';
  if (!verdict.parsed) return undefined;
  // Go does not distinguish a missing name from an empty one
  const ours = subject && { ...subject, commonName: subject.commonName ?? '' };
  for (const field of names) {
    const theirs = JSON.stringify(verdict[field] ?? []);
    const own = JSON.stringify(ours?.[field] ?? null);
    // Go parses URIs, and escapes characters when it prints them; ours are as they are in the request
    if (theirs !== own && (field !== 'uris' || unescaped(theirs) !== unescaped(own)))
      return `${field}: Go reads ${theirs}, ours ${own}`;
  }
  return undefined;
}

function unescaped(uris: string): string {
  return uris.replaceAll(/%([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const names = ['commonName', 'organizations', 'dnsNames', 'ipAddresses', 'emailAddresses', 'uris'] as const;
