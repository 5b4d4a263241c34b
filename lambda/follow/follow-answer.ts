/** The function's answer to `csrwatch follow`: both sides use this type. */
export type FollowAnswer =
  | { readonly certificates: readonly ListedCertificate[]; readonly limit: number }
  | { readonly added: boolean }
  | { readonly removed: boolean }
  | { readonly error: string };

/** A followed certificate; `null` is unknown. */
export interface ListedCertificate {
  readonly certificate: string;
  readonly cluster: string | null;
  readonly subject: string | null;
  readonly csrName: string | null;
  readonly requester: string | null;
  readonly findingId: string | null;
  /** RFC 3339. */
  readonly issued: string | null;
  /** RFC 3339. */
  readonly until: string | null;
  readonly addedBy: 'finding' | 'hand';
  readonly reason?: string;
}
