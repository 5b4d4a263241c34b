/** A block of PEM as Go's encoding/pem decodes it. */
export interface PemBlock {
  /** `CERTIFICATE REQUEST`. */
  readonly label: string;
  readonly bytes: Uint8Array;
}

const begin = '-----BEGIN ';
const end = '-----END ';
const dashes = '-----';

/**
 * The blocks of a text that decode, in order. As in Go, text around a block and headers in it are ignored, lines may end
 * in CR LF or in spaces, base64 may have line breaks anywhere, and a block that does not decode is skipped.
 */
export function pemBlocks(text: string): PemBlock[] {
  const lines = text.split('\n').map((line, index, all) => trimmedEnd(line, index < all.length - 1));
  const blocks: PemBlock[] = [];
  let beginAt = -1;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith(begin)) beginAt = index;
    if (!line.startsWith(end) || beginAt < 0) continue;
    const block = blockIn(lines.slice(beginAt, index + 1));
    if (block) blocks.push(block);
    beginAt = -1;
  }
  return blocks;
}

function trimmedEnd(line: string, endsInLf: boolean): string {
  let end = endsInLf && line.endsWith('\r') ? line.length - 1 : line.length;
  while (line[end - 1] === ' ' || line[end - 1] === '\t') end -= 1;
  return line.slice(0, end);
}

/** @param lines - the first begins with BEGIN, the last with END */
function blockIn(lines: readonly string[]): PemBlock | undefined {
  const [first = '', ...rest] = lines;
  const last = rest.pop();
  if (!first.endsWith(dashes)) return undefined;
  const label = first.slice(begin.length, -dashes.length);
  if (last !== `${end}${label}${dashes}`) return undefined;
  const bodyAt = rest.findIndex((line) => !line.includes(':'));
  const bytes =
    bodyAt < 0 ? new Uint8Array() : decodedBase64(rest.slice(bodyAt).join('').replaceAll(/[ \t]/g, ''));
  return bytes && { label, bytes };
}

/** Base64 as Go's encoding/base64 decodes it: padded, CR and LF anywhere; `undefined` if it is invalid. */
export function decodedBase64(text: string): Uint8Array | undefined {
  const packed = text.replaceAll(/[\r\n]/g, '');
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return undefined;
  return Buffer.from(packed, 'base64');
}
