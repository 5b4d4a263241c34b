import type { AuditRecord, UsedCertificate } from '../audit/audit-record.ts';
import { factsOf, findingOf } from '../findings/build-finding.ts';
import type { Finding } from '../findings/finding.ts';
import type { CompiledRule } from '../rules/rule.ts';
import type { FollowedCertificate } from './followed-certificate.ts';

/** The findings of the rules that match the use of a certificate. */
export async function useFindings(
  record: AuditRecord,
  followed: FollowedCertificate,
  rules: readonly CompiledRule[],
): Promise<Finding[]> {
  const { subject } = followed.certificate;
  const used = { ...record, ...(subject ? { subject } : {}), usedCertificate: usedCertificate(followed) };
  const matched = rules.filter((rule) => rule.matches(used));
  if (matched.length === 0) return [];
  const { certificate, issuance } = followed;
  const facts = { ...(await factsOf(record)), certificate, issuance };
  return matched.map(({ info }) => findingOf(facts, info));
}

function usedCertificate({ certificate, issuance }: FollowedCertificate): UsedCertificate {
  const { sha256 } = certificate;
  const { signerName, requester } = issuance;
  return {
    sha256,
    ...(signerName === undefined ? {} : { signerName }),
    ...(requester === undefined ? {} : { requester }),
  };
}
