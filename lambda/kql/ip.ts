import { isIP } from 'node:net';

/**
 * An address as a number of 128 bits, IPv4 ones as IPv4-mapped IPv6: those fit a `number`, which is quicker to
 * make. JavaScript compares the two kinds with each other.
 */
export type Address = number | bigint;

/** Addresses from first to last. */
export interface Network {
  readonly first: Address;
  readonly last: Address;
}

const mapped = 0xffff * 2 ** 32;

/** An address, or `undefined`. */
export function parseAddress(text: string): Address | undefined {
  switch (isIP(text)) {
    case 4:
      return mapped + ipv4(text);
    case 6:
      return text.includes('%') ? undefined : ipv6(text);
    default:
      return undefined;
  }
}

/** An address, or a block in CIDR notation. */
export function parseNetwork(text: string): Network | undefined {
  const [head = '', prefix, ...rest] = text.split('/');
  const address = parseAddress(head);
  if (address === undefined || rest.length > 0) return undefined;
  if (prefix === undefined) return { first: address, last: address };
  const bits = isIP(head) === 4 ? 32 : 128;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) return undefined;
  const hosts = (1n << BigInt(bits - Number(prefix))) - 1n;
  return { first: BigInt(address) & ~hosts, last: BigInt(address) | hosts };
}

/** @param text - a valid one */
function ipv4(text: string): number {
  let sum = 0;
  let part = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0) part = part * 10 + digit;
    else {
      sum = sum * 256 + part;
      part = 0;
    }
  }
  return sum * 256 + part;
}

function ipv6(text: string): bigint {
  const dotted = /\d+\.\d+\.\d+\.\d+$/.exec(text)?.[0];
  const tail = dotted === undefined ? 0 : ipv4(dotted);
  const plain =
    dotted === undefined
      ? text
      : `${text.slice(0, -dotted.length)}${Math.floor(tail / 65_536).toString(16)}:${(tail % 65_536).toString(16)}`;
  const [head = '', rest] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = rest === undefined || rest === '' ? [] : rest.split(':');
  const zeros = '0000'.repeat(8 - left.length - right.length);
  // one conversion of all 32 digits costs less than eight small ones
  return BigInt(`0x${left.map(padded).join('')}${zeros}${right.map(padded).join('')}`);
}

function padded(group: string): string {
  return group.padStart(4, '0');
}
