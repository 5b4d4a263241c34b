/**
 * An address as eight UTF-16 units, one per group of 16 bits, IPv4 addresses as IPv4-mapped IPv6. These texts sort as
 * the addresses do, and are faster to create than 128-bit numbers.
 */
export type Address = string;

/** Addresses from first to last. */
export interface Network {
  readonly first: Address;
  readonly last: Address;
}

/** An address, or `undefined`; one with a zone (`fe80::1%eth0`) is not valid. */
export function parseAddress(text: string): Address | undefined {
  if (text.includes(':')) return ipv6(text);
  const address = ipv4(text);
  return address === undefined
    ? undefined
    : String.fromCharCode(0, 0, 0, 0, 0, 0xffff, address >>> 16, address & 0xffff);
}

/** An address, or a block in CIDR notation. */
export function parseNetwork(text: string): Network | undefined {
  const [head = '', prefix, ...rest] = text.split('/');
  const address = parseAddress(head);
  if (address === undefined || rest.length > 0) return undefined;
  if (prefix === undefined) return { first: address, last: address };
  const isIpv6 = head.includes(':');
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (isIpv6 ? 128 : 32)) return undefined;
  const bits = Number(prefix) + (isIpv6 ? 0 : 96);
  const groups = Array.from({ length: 8 }, (_, index) => {
    const hosts = 0xffff >> Math.min(16, Math.max(0, bits - index * 16));
    const group = address.charCodeAt(index);
    return { first: group & ~hosts, last: group | hosts };
  });
  return {
    first: String.fromCharCode(...groups.map(({ first }) => first)),
    last: String.fromCharCode(...groups.map(({ last }) => last)),
  };
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
      if (digit !== dot - 48 || part < 0) return undefined;
      sum = sum * 256 + part;
      part = -1;
      dots += 1;
    }
  }
  return dots === 3 && part >= 0 ? sum * 256 + part : undefined;
}

const dot = 46;
const colon = 58;

/** Eight groups of up to four hexadecimal digits, `::` once for some of them; the last two may be an IPv4 address. */
function ipv6(text: string): Address | undefined {
  const groups: number[] = [];
  let gapAt = -1;
  let at = 0;
  if (text.startsWith('::')) {
    gapAt = 0;
    at = 2;
  }
  while (at < text.length) {
    const start = at;
    let group = 0;
    for (let digit = hexDigit(text, at); digit >= 0; digit = hexDigit(text, at)) {
      group = group * 16 + digit;
      at += 1;
    }
    const length = at - start;
    if (length === 0 || length > 4) return undefined;
    if (text.charCodeAt(at) === dot) {
      const address = ipv4(text.slice(start));
      if (address === undefined) return undefined;
      groups.push(address >>> 16, address & 0xffff);
      break;
    }
    groups.push(group);
    if (at === text.length) break;
    if (text.charCodeAt(at) !== colon) return undefined;
    at += 1;
    if (text.charCodeAt(at) === colon) {
      if (gapAt >= 0) return undefined;
      gapAt = groups.length;
      at += 1;
    } else if (at === text.length) return undefined;
  }
  const missing = 8 - groups.length;
  if (gapAt >= 0 ? missing < 1 : missing !== 0) return undefined;
  for (let count = 0; count < missing; count += 1) groups.splice(gapAt, 0, 0);
  return String.fromCharCode(...groups);
}

/** @returns -1 for any other character and at the end of the text */
function hexDigit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
