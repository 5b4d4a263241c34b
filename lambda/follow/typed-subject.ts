import type { Subject } from '../findings/finding.ts';

/** Reads a subject that a person typed: `CN=bob,O=dev` or `/CN=bob/O=dev`, as openssl writes it, or only the common name. */
export function readSubject(text: string): Subject {
  const parts = text
    .split(text.startsWith('/') ? '/' : ',')
    .map((part) => /^\s*(CN|O)\s*=\s*(.*?)\s*$/.exec(part));
  const named = parts.flatMap((part) => (part ? [{ type: part[1], value: part[2] ?? '' }] : []));
  const commonName = named.findLast(({ type }) => type === 'CN')?.value;
  return {
    commonName: named.length === 0 ? text.trim() : (commonName ?? null),
    organizations: named.filter(({ type }) => type === 'O').map(({ value }) => value),
    ...{ dnsNames: [], ipAddresses: [], emailAddresses: [], uris: [] },
  };
}

/** `CN=bob, O=dev` */
export function writeSubject({ commonName, organizations }: Subject): string {
  const cn = commonName === null ? [] : [`CN=${commonName}`];
  return [...cn, ...organizations.map((name) => `O=${name}`)].join(', ');
}
