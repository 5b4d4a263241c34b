import type { AuditRecord } from '../audit/audit-record.ts';
import { factsOf } from '../findings/build-finding.ts';
import type { Finding } from '../findings/finding.ts';
import { phaseOf } from '../findings/phase.ts';
import { stringAt } from '../json/read-json.ts';
import type { RuleSet } from '../rules/rule.ts';
import { certificateToFollow, type FollowedCertificate } from './followed-certificate.ts';
import { useFindings } from './use-findings.ts';

/** Follows certificates with the rules about their uses. */
export interface Follow {
  /** The certificate to follow after this event; `undefined`, without a promise, if it issued none. */
  issued(record: AuditRecord): Promise<FollowedCertificate | undefined> | undefined;
  /** One finding for each rule that matches the use of a certificate. */
  use(record: AuditRecord, followed: FollowedCertificate): Promise<Finding[]>;
}

/** @returns nothing if no rule is about the uses of certificates */
export function createFollow({ useRules }: RuleSet): Follow | undefined {
  if (useRules.length === 0) return undefined;
  return {
    issued: (record) => (isIssuance(record) ? factsOf(record).then(certificateToFollow) : undefined),
    use: (record, followed) => useFindings(record, followed, useRules),
  };
}

function isIssuance({ event }: AuditRecord): boolean {
  return stringAt(event, 'objectRef', 'subresource') === 'status' && phaseOf(event) === 'issued';
}
