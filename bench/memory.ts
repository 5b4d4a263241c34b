import { gzipSync } from 'node:zlib';
import { chunks } from './generate.ts';
import { once } from './measure.ts';
import { scanCommand } from './scan-command.ts';

export interface Memory {
  readonly name: string;
  readonly peakMegabytes: number;
}

/** Peak memory of objects that are streamed in as one gzip of many members and never written to disk. */
export async function measureMemory(gigabytes: number): Promise<Memory[]> {
  const member = Buffer.concat([...chunks(50e6)]);
  const packed = gzipSync(member, { level: 6 });
  const members = Math.ceil((gigabytes * 1e9) / member.length);
  const line = Buffer.from(`{"a":"${'x'.repeat(1e6)}"}\n`);
  const zeros = gzipSync(Buffer.concat(Array.from({ length: 100 }, () => line)), { level: 9 });
  const begin = gzipSync('{"a":"');
  const noEnd = gzipSync(Buffer.alloc(1e8, 'x'), { level: 9 });
  return [
    await peak(`an object of ${gigabytes} GB`, packed, members),
    await peak('a gzip bomb of lines', zeros, 20),
    await peak('a gzip bomb of one line', noEnd, 20, begin),
  ];
}

/** @param times - how often the member is repeated */
async function peak(name: string, packed: Buffer, times: number, first?: Buffer): Promise<Memory> {
  function* input() {
    if (first) yield first;
    for (let index = 0; index < times; index += 1) yield packed;
  }
  const { peakMegabytes } = await once({ ...scanCommand('-'), input });
  process.stderr.write(`${name}: ${peakMegabytes.toFixed(0)} MB\n`);
  return { name, peakMegabytes };
}
