import { isIP } from 'node:net';

/** Addresses from first to last; IPv4 ones stand as IPv4-mapped IPv6. */
export interface Network {
  readonly first: bigint;
  readonly last: bigint;
}

const mapped = 0xffffn << 32n;

/** An address as a 128-bit number, or `undefined`. */
export function parseAddress(text: string): bigint | undefined {
  switch (isIP(text)) {
    case 4:
      return mapped | ipv4(text);
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
  return { first: address & ~hosts, last: address | hosts };
}

function ipv4(text: string): bigint {
  return text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function ipv6(text: string): bigint {
  const dotted = /\d+\.\d+\.\d+\.\d+$/.exec(text)?.[0];
  const tail = dotted === undefined ? 0n : ipv4(dotted);
  const plain =
    dotted === undefined
      ? text
      : `${text.slice(0, -dotted.length)}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
  const [head = '', rest] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = rest === undefined || rest === '' ? [] : rest.split(':');
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].reduce((sum, part) => (sum << 16n) | BigInt(`0x${part}`), 0n);
}
