import type { Origin } from '../../lambda/audit/audit-record.ts';
import { contentOf, headBytes } from '../../lambda/framing/content-kind.ts';
import { unpack } from '../../lambda/framing/decompress.ts';
import { kept } from '../../lambda/framing/released-chunk.ts';
import { messageOf } from '../../lambda/message-of.ts';
import type { Input, ScanOptions, ScanReport } from '../../lambda/scan/input.ts';
import { scan } from '../../lambda/scan/scan-input.ts';
import { MergedReport } from './merged-report.ts';

const nothing = async () => {};

/**
 * Scans a file or an object, or each file in it if it is a tar archive, compressed or not.
 * @param onText - called with the decompressed bytes, chunk by chunk
 */
export async function scanBytes(
  input: Input,
  options: ScanOptions,
  onText: (chunk: Buffer) => void = () => {},
): Promise<ScanReport> {
  const { head, all } = await peek(unpacked(input));
  if (contentOf(head).kind !== 'tar') return scan(tapped(input, all, onText), options);
  const { tarMembers } = await import('./tar-members.ts');
  const merged = new MergedReport(input.origin);
  const faults: string[] = [];
  try {
    for await (const { name, unreadable, bytes } of tarMembers(all)) {
      const member = { ...input, origin: memberOrigin(input.origin, name), open: () => bytes };
      const report = unreadable
        ? undefined
        : await scan(tapped(member, unpack(bytes, nothing), onText), options);
      if (report) merged.add(report);
      const reason = unreadable ?? report?.fault?.reason;
      if (reason !== undefined) faults.push(`${name}: ${reason}`);
    }
  } catch (error) {
    faults.push(messageOf(error));
  }
  const [first, ...others] = faults;
  return merged.report(first && `${first}${others.length > 0 ? `, and ${others.length} more faults` : ''}`);
}

/** The input with bytes that were decompressed already. */
function tapped(input: Input, bytes: AsyncIterable<Buffer>, onText: (chunk: Buffer) => void): Input {
  return {
    ...input,
    isText: true,
    async *open() {
      for await (const chunk of bytes) {
        onText(chunk);
        yield chunk;
      }
    },
  };
}

async function* unpacked(input: Input): AsyncGenerator<Buffer> {
  yield* unpack(await input.open(), nothing, true);
}

/** The first bytes, and a stream of all bytes from the start, which ends with the same error if there is one. */
async function peek(chunks: AsyncGenerator<Buffer>) {
  const parts: Buffer[] = [];
  let length = 0;
  const failures: unknown[] = [];
  try {
    while (length < headBytes) {
      const { done, value } = await chunks.next();
      if (done) break;
      const isWhole = length + value.length >= headBytes;
      // the last chunk is not copied: it stays valid until the next one is requested
      parts.push(isWhole ? value : kept(value));
      length += value.length;
    }
  } catch (error) {
    failures.push(error);
  }
  async function* all() {
    try {
      yield* parts;
      for (const failure of failures) throw failure;
      yield* chunks;
    } finally {
      await chunks.return(undefined);
    }
  }
  return { head: Buffer.concat(parts).subarray(0, headBytes), all: all() };
}

/** As if the archive were a folder. */
function memberOrigin(origin: Origin, name: string): Origin {
  switch (origin.kind) {
    case 'file':
      return { ...origin, path: `${origin.path}/${name}` };
    case 'object':
      return { ...origin, key: `${origin.key}/${name}` };
    default:
      return origin;
  }
}
