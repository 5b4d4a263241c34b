/** The length of a SHA-256 in hexadecimal. */
const fingerprintCharacters = 64;

/** Fingerprints of certificates that can be looked up in raw bytes without creating a string at each place. */
export class Fingerprints {
  private readonly all = new Set<string>();
  /** The first four digits of each, as a number. They are random, so few others begin with the same. */
  private readonly beginnings = new Set<number>();

  constructor(fingerprints: Iterable<string> = []) {
    for (const fingerprint of fingerprints) this.add(fingerprint);
  }

  get size(): number {
    return this.all.size;
  }

  add(fingerprint: string): void {
    this.all.add(fingerprint);
    this.beginnings.add(beginningAt(Buffer.from(fingerprint, 'latin1'), 0));
  }

  /** Whether one of them is in the bytes at this offset. */
  isAt(bytes: Buffer, offset: number): boolean {
    const end = offset + fingerprintCharacters;
    if (end > bytes.length || !this.beginnings.has(beginningAt(bytes, offset))) return false;
    return this.all.has(bytes.toString('latin1', offset, end));
  }
}

function beginningAt(bytes: Buffer, offset: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [
    bytes[offset],
    bytes[offset + 1],
    bytes[offset + 2],
    bytes[offset + 3],
  ];
  return (((a * 256 + b) * 256 + c) * 256 + d) | 0;
}
