/** A file in a tar archive. */
export interface TarMember {
  readonly name: string;
  /** Why `bytes` is not the content of the file. @default - it is */
  readonly unreadable: string | undefined;
  /** Can be read once, before the next member. */
  readonly bytes: AsyncIterable<Buffer>;
}

const blockBytes = 512;
/** No file has a longer name. */
const maxTextBytes = 2 ** 20;
const cutOff = 'the tar archive is cut off';

/**
 * The files in a tar archive, one after another, without more of it in memory than a chunk. Written for what tar, GNU tar and
 * bsdtar write: POSIX headers, pax headers and GNU's long names. Folders, links and devices have no bytes to scan.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13
 * @throws if the archive is cut off, or is none from some byte on
 */
export async function* tarMembers(chunks: AsyncIterable<Buffer>): AsyncGenerator<TarMember> {
  const reader = new BlockReader(chunks);
  let pax: ReadonlyMap<string, string> = new Map();
  let longName: string | undefined;
  for (;;) {
    const header = await reader.block();
    // blocks of zeros end the archive; tar pads what follows
    if (header === undefined || header.every((byte) => byte === 0)) return;
    if (!hasValidChecksum(header)) throw new Error(`no tar header at byte ${reader.offset - blockBytes}`);
    const size = Number(pax.get('size') ?? sizeIn(header));
    if (!Number.isSafeInteger(size) || size < 0) throw new Error('a file in the tar archive has no size');
    const type = String.fromCharCode(header[156] ?? 0);
    const body = reader.body(size);
    switch (type) {
      case 'x':
        pax = paxRecords(await textOf(body, size));
        break;
      case 'L':
        longName = untilNul(await textOf(body, size));
        break;
      case '0':
      case '\0':
      case '7':
      case 'S': {
        const isSparse = type === 'S' || [...pax.keys()].some((key) => key.startsWith('GNU.sparse.'));
        yield {
          name: pax.get('path') ?? longName ?? nameIn(header),
          unreadable: isSparse ? 'a sparse file in a tar archive is not read: extract it' : undefined,
          bytes: body,
        };
      }
    }
    // skips what was not read
    for await (const _ of reader.body(reader.left));
    await reader.skipPadding(size);
    if (type !== 'x' && type !== 'L') {
      pax = new Map();
      longName = undefined;
    }
  }
}

class BlockReader {
  offset = 0;
  /** The bytes that remain of the body that is being read. */
  left = 0;
  private readonly source: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.source = chunks[Symbol.asyncIterator]();
  }

  /** A copy; `undefined` at the end. */
  async block(): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    this.left = blockBytes;
    for await (const part of this.parts()) parts.push(Buffer.from(part));
    const block = Buffer.concat(parts);
    if (block.length > 0 && block.length < blockBytes) throw new Error(cutOff);
    return block.length === 0 ? undefined : block;
  }

  /** The next bytes. If it is not read to its end, `left` states how many remain. */
  body(size: number): AsyncGenerator<Buffer> {
    this.left = size;
    return this.whole();
  }

  async skipPadding(size: number): Promise<void> {
    this.left = (blockBytes - (size % blockBytes)) % blockBytes;
    for await (const _ of this.parts());
  }

  private async *whole(): AsyncGenerator<Buffer> {
    yield* this.parts();
    if (this.left > 0) throw new Error(cutOff);
  }

  /** Up to `left` bytes, as they come. */
  private async *parts(): AsyncGenerator<Buffer> {
    while (this.left > 0) {
      if (this.rest.length === 0) {
        const { done, value } = await this.source.next();
        if (done) return;
        this.rest = value;
      }
      const part = this.rest.subarray(0, this.left);
      this.rest = this.rest.subarray(part.length);
      this.left -= part.length;
      this.offset += part.length;
      yield part;
    }
  }
}

/** The sum of the header's bytes, its own field as spaces. */
function hasValidChecksum(header: Buffer): boolean {
  const stated = Number.parseInt(header.toString('latin1', 148, 156), 8);
  const sum = header.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  return stated === sum;
}

/** Octal digits, or, for 8 GiB and more, a binary number that begins with the bit 0x80. */
function sizeIn(header: Buffer): number {
  const field = header.subarray(124, 136);
  if ((field[0] ?? 0) < 0x80) return Number.parseInt(field.toString('latin1'), 8) || 0;
  return field.subarray(1).reduce((all, byte) => all * 256 + byte, 0);
}

function nameIn(header: Buffer): string {
  const name = untilNul(header.toString('utf8', 0, 100));
  // GNU tar has other fields in the place of the prefix
  const isPosix = header.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? untilNul(header.toString('utf8', 345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Each record is `LENGTH KEY=VALUE` and a line feed; LENGTH is the number of bytes of the whole record. */
function paxRecords(text: string): Map<string, string> {
  const records = new Map<string, string>();
  let rest = Buffer.from(text);
  for (;;) {
    const [, digits = ''] = /^(\d{1,7}) /.exec(rest.toString('latin1', 0, 9)) ?? [];
    const length = Number(digits);
    if (length === 0 || length > rest.length) return records;
    const [key = '', ...value] = rest.toString('utf8', digits.length + 1, length - 1).split('=');
    records.set(key, value.join('='));
    rest = rest.subarray(length);
  }
}

async function textOf(body: AsyncIterable<Buffer>, size: number): Promise<string> {
  if (size > maxTextBytes) throw new Error('a name in the tar archive is too long');
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}

function untilNul(text: string): string {
  return text.split('\0', 1)[0] ?? '';
}
