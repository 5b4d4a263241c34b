import type { AuditRecord } from '../../../lambda/audit/audit-record.ts';
import type { Finding } from '../../../lambda/findings/finding.ts';
import type { ScanRules } from '../compile-scan-rules.ts';
import { type Filters, isWanted } from '../filters.ts';

/** Whether the filters keep the use of a certificate, which belongs to the CSR that led to it. */
export function isWantedUse(
  finding: Finding,
  record: AuditRecord,
  { ruleSet, markers }: ScanRules,
  { csr, ...filters }: Filters,
): boolean {
  const { csrName, csrUid } = finding.issuance ?? {};
  if (csr !== undefined && csr !== csrName && csr !== csrUid) return false;
  const matched = filters.actor === undefined ? [] : ruleSet.match(record).map(({ info }) => info);
  const actor = markers.actor !== undefined && matched.includes(markers.actor.info);
  return isWanted(finding, filters, { actor, certificate: false });
}
