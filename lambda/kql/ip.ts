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

/** An address, or `undefined`; one with a zone (`fe80::1%eth0`) is none. */
export function parseAddress(text: string): Address | undefined {
  if (text.includes(':')) return ipv6(text);
  const address = ipv4(text);
  return address === undefined ? undefined : mapped + address;
}

/** An address, or a block in CIDR notation. */
export function parseNetwork(text: string): Network | undefined {
  const [head = '', prefix, ...rest] = text.split('/');
  const address = parseAddress(head);
  if (address === undefined || rest.length > 0) return undefined;
  if (prefix === undefined) return { first: address, last: address };
  const bits = head.includes(':') ? 128 : 32;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) return undefined;
  const hosts = (1n << BigInt(bits - Number(prefix))) - 1n;
  return { first: BigInt(address) & ~hosts, last: BigInt(address) | hosts };
}

/** Four decimal numbers up to 255, without leading zeros. */
function ipv4(text: string): number | undefined {
  let sum = 0;
  let part = -1;
  let dots = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) {
      // a second digit after a zero is a leading zero
      if (part === 0) return undefined;
      part = part < 0 ? digit : part * 10 + digit;
      if (part > 255) return undefined;
    } else {
      if (digit !== dot || part < 0) return undefined;
      sum = sum * 256 + part;
      part = -1;
      dots += 1;
    }
  }
  return dots === 3 && part >= 0 ? sum * 256 + part : undefined;
}

const dot = 46 - 48;

/** Eight groups of up to four hexadecimal digits, `::` once for some of them; the last two may be an IPv4 address. */
function ipv6(text: string): bigint | undefined {
  const tailAt = text.lastIndexOf(':') + 1;
  const isDotted = text.includes('.');
  const dotted = isDotted ? ipv4(text.slice(tailAt)) : 0;
  if (dotted === undefined) return undefined;
  const inGroups = isDotted
    ? `${text.slice(0, tailAt)}${Math.floor(dotted / 65_536).toString(16)}:${(dotted % 65_536).toString(16)}`
    : text;
  const halves = inGroups.split('::');
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const given = left.length + right.length;
  if (halves.length > 2 || (halves.length === 2 ? given > 7 : given !== 8)) return undefined;
  if (![...left, ...right].every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  // one conversion of all 32 digits costs less than eight small ones
  return BigInt(`0x${left.map(padded).join('')}${'0000'.repeat(8 - given)}${right.map(padded).join('')}`);
}

function padded(group: string): string {
  return group.padStart(4, '0');
}
