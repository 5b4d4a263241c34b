import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import type { CertificateUses } from './certificate-uses.ts';
import type { RequestLine } from './request-line.ts';

/** What a scan hands to its report, in the order of the log. */
export type ReportItem =
  | { readonly kind: 'finding'; readonly finding: Finding }
  /** An event of a CSR without a finding: the CSR's story may need it. `ruleIds`: what matches, but is filtered out. */
  | { readonly kind: 'csr-event'; readonly record: AuditRecord; readonly ruleIds: readonly string[] }
  /** What an issued certificate was used for, and the findings about it. */
  | { readonly kind: 'uses'; readonly uses: CertificateUses }
  /** A line of the timeline. */
  | { readonly kind: 'request'; readonly line: RequestLine };
