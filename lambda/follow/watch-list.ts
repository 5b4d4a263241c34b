import type { FirstUse } from '../findings/finding.ts';
import { namedMessageOf } from '../message-of.ts';
import type { FollowedCertificate } from './followed-certificate.ts';
import { FollowedCertificates } from './followed-certificates.ts';

/** When so many are followed, no other is added, and an alarm reports that. */
export const maxCertificates = 5_000;

/** Instances that add certificates at the same time can exceed the bound. Up to this number, all are followed. */
export const mostReadCertificates = 2 * maxCertificates;

/** A certificate that another instance of the function added is known here after this time. */
const refreshMs = 60_000;

/** The table of followed certificates. Every call may reject. */
export interface WatchTable {
  /** All of them, up to `mostReadCertificates`. */
  read(): Promise<readonly FollowedCertificate[]>;
  /**
   * Adds a certificate with the finding about its issuance.
   * @returns false if it is there already, or was removed by hand
   */
  add(followed: FollowedCertificate): Promise<boolean>;
  /** Adds a certificate, also one that was removed by hand. @returns false if it is there already */
  addByHand(followed: FollowedCertificate): Promise<boolean>;
  /** Stops following a certificate, and remembers that, so that its issuance does not add it again. @returns false if it is not there */
  remove(sha256: string, reason: string): Promise<boolean>;
  /** Stores the first use of a certificate, unless one is stored. */
  addFirstUse(sha256: string, use: FirstUse): Promise<void>;
}

export type Refreshed =
  | { readonly kind: 'read' | 'still fresh' }
  /** The list stays as it was. */
  | { readonly kind: 'failed'; readonly reason: string };

export type Added =
  | { readonly kind: 'added' | 'known' }
  /** It was removed by hand. */
  | { readonly kind: 'removed' }
  /** The list is full: the certificate is not followed. */
  | { readonly kind: 'full' }
  /** It could not be written to the table: only this instance follows it. */
  | { readonly kind: 'failed'; readonly reason: string };

/** The followed certificates as one instance of the function knows them. No call rejects. */
export class WatchList {
  private current = new FollowedCertificates();
  /** Those that could not be written to the table. */
  private readonly unsaved = new Map<string, FollowedCertificate>();
  private readAtMs = Number.NEGATIVE_INFINITY;
  private readonly table: WatchTable;
  private readonly now: () => number;

  constructor(table: WatchTable, now: () => number) {
    this.table = table;
    this.now = now;
  }

  /** The current version, which never changes: a later version is another object. */
  get certificates(): FollowedCertificates {
    return this.current;
  }

  /** Reads the table if the list is older than a minute. After a failure, the next call reads it again. */
  async refresh(): Promise<Refreshed> {
    const startedMs = this.now();
    if (startedMs - this.readAtMs < refreshMs) return { kind: 'still fresh' };
    try {
      const read = await this.table.read();
      this.current = new FollowedCertificates([...read, ...this.unsaved.values()]);
      this.readAtMs = startedMs;
      return { kind: 'read' };
    } catch (error) {
      return { kind: 'failed', reason: namedMessageOf(error) };
    }
  }

  /** Adds a certificate whose issuance was found; a copy of the event adds nothing. */
  async add(followed: FollowedCertificate): Promise<Added> {
    const { sha256 } = followed.certificate;
    const isUnsaved = this.unsaved.has(sha256);
    if (this.current.get(sha256) !== undefined && !isUnsaved) return { kind: 'known' };
    if (this.current.size >= maxCertificates && !isUnsaved) return { kind: 'full' };
    try {
      const isAdded = await this.table.add(followed);
      this.unsaved.delete(sha256);
      if (isAdded) {
        this.follow(followed);
        return { kind: 'added' };
      }
      this.current = new FollowedCertificates([...(await this.table.read()), ...this.unsaved.values()]);
      return { kind: this.current.get(sha256) === undefined ? 'removed' : 'known' };
    } catch (error) {
      this.unsaved.set(sha256, followed);
      this.follow(followed);
      return { kind: 'failed', reason: namedMessageOf(error) };
    }
  }

  /** Remembers the first use of a certificate. @returns why that failed */
  async addFirstUse(sha256: string, use: FirstUse): Promise<string | undefined> {
    const followed = this.current.get(sha256);
    if (followed === undefined || followed.firstUse !== undefined) return undefined;
    this.follow({ ...followed, firstUse: use });
    try {
      await this.table.addFirstUse(sha256, use);
      return undefined;
    } catch (error) {
      return namedMessageOf(error);
    }
  }

  private follow(followed: FollowedCertificate): void {
    const { sha256 } = followed.certificate;
    const others = [...this.current.values()].filter(({ certificate }) => certificate.sha256 !== sha256);
    this.current = new FollowedCertificates([...others, followed]);
  }
}
