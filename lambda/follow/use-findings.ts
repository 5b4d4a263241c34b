import type { AuditRecord, UsedCertificate } from '../audit/audit-record.ts';
import { factsOf, findingOf } from '../findings/build-finding.ts';
import type { Finding, Subject } from '../findings/finding.ts';
import { stringAt, stringsAt } from '../json/read-json.ts';
import type { CompiledRule } from '../rules/rule.ts';
import type { FollowedCertificate } from './followed-certificate.ts';

/** The findings of the rules that match the use of a certificate. */
export async function useFindings(
  record: AuditRecord,
  followed: FollowedCertificate,
  rules: readonly CompiledRule[],
): Promise<Finding[]> {
  const login = loginOf(record);
  const subject = followed.certificate.subject ?? login;
  // the watch list truncates a long subject, but an exception must see every group of the login
  const organizations = [...new Set([...subject.organizations, ...login.organizations])];
  const used = {
    ...record,
    subject: { ...subject, organizations },
    usedCertificate: usedCertificate(followed),
  };
  const matched = rules.filter((rule) => rule.matches(used));
  if (matched.length === 0) return [];
  const { issuance } = followed;
  const certificate = { ...followed.certificate, subject };
  const facts = { ...(await factsOf(record)), certificate, issuance };
  return matched.map(({ info }) => findingOf(facts, info));
}

/** The subject as the API server read it: the user is its common name, the groups are its organizations. */
function loginOf({ event }: AuditRecord): Subject {
  return {
    commonName: stringAt(event, 'user', 'username') ?? null,
    organizations: stringsAt(event, 'user', 'groups').filter((name) => name !== 'system:authenticated'),
    ...{ dnsNames: [], ipAddresses: [], emailAddresses: [], uris: [] },
  };
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
