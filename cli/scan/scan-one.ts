import { unpack } from '../../lambda/framing/decompress.ts';
import type { SearchedText } from '../../lambda/framing/prefilter.ts';
import type { Input, ScanReport } from '../../lambda/scan/input.ts';
import { scan } from '../../lambda/scan/scan-input.ts';
import type { CoverageReader } from '../report/coverage.ts';
import type { CertificateFollower } from './follow/follow-certificates.ts';
import type { Evaluate, ScanItem } from './scan-item.ts';

/** Scans one input. `onItem` is awaited, so that a slow reader of the output slows the scan down. */
export function scanOne(
  input: Input,
  literals: readonly SearchedText[] | null,
  evaluate: Evaluate,
  onItem: (item: ScanItem) => Promise<void>,
  coverage: CoverageReader | undefined,
  follower: CertificateFollower | undefined,
): Promise<ScanReport> {
  return scan(coverage ? withCoverage(input, coverage) : input, {
    literals,
    onRecord: (record) => {
      const followed = follower?.see(record);
      const items = evaluate(record);
      if (!followed && !items) return undefined;
      return Promise.all([items, followed]).then(async ([found = []]) => {
        for (const item of found) await onItem(item);
      });
    },
  });
}

/** Decompresses the input here, so that the times of all its text can be read. */
function withCoverage(input: Input, coverage: CoverageReader): Input {
  return {
    ...input,
    isText: true,
    async *open() {
      const bytes = await input.open();
      for await (const chunk of input.isText ? asBuffers(bytes) : unpack(bytes, async () => {})) {
        coverage.chunk(chunk);
        yield chunk;
      }
    },
  };
}

async function* asBuffers(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const { buffer, byteOffset, length } of chunks) yield Buffer.from(buffer, byteOffset, length);
}
