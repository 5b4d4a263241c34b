import type { AuditRecord } from '../../../lambda/audit/audit-record.ts';
import { credentialIdKey } from '../../../lambda/audit/credential-id.ts';
import type { FollowedCertificate } from '../../../lambda/follow/followed-certificate.ts';
import { at, stringAt, stringsAt } from '../../../lambda/json/read-json.ts';

/** With more of them, reading every event is faster. */
const maxLiterals = 100;

/**
 * Requests that may have been made with one of the certificates, in a log without credential ids: by its subject's user name
 * and groups, after its issuance. Another credential may belong to the same user.
 */
export interface PossibleUses {
  /** Every event with such a request contains one of these. `null`: there are too many to search for. */
  readonly literals: readonly string[] | null;
  certificatesFor(record: AuditRecord): readonly FollowedCertificate[];
}

export function possibleUses(followed: readonly FollowedCertificate[]): PossibleUses {
  const byUser = new Map<string, FollowedCertificate[]>();
  for (const one of followed) {
    const name = one.certificate.subject?.commonName;
    if (name) byUser.set(name, [...(byUser.get(name) ?? []), one]);
  }
  const literals = [...byUser.keys()].flatMap(literalOf);
  return {
    literals: literals.length > maxLiterals ? null : literals,
    certificatesFor({ event, cluster }) {
      const certificates = byUser.get(stringAt(event, 'user', 'username') ?? '');
      if (certificates === undefined || at(event, 'user', 'extra', credentialIdKey) !== undefined) return [];
      const groups = stringsAt(event, 'user', 'groups');
      const time = stringAt(event, 'requestReceivedTimestamp') ?? stringAt(event, 'stageTimestamp');
      return certificates.filter(
        ({ certificate, issuance, cluster: other }) =>
          cluster === other &&
          (certificate.subject?.organizations ?? []).every((name) => groups.includes(name)) &&
          !(Date.parse(time ?? '') < Date.parse(issuance.time ?? '')),
      );
    },
  };
}

/** The longest part of the name that no writer of JSON escapes. */
function literalOf(name: string): string[] {
  const [longest] = (name.match(/[\w.:-]+/g) ?? []).sort((a, b) => b.length - a.length);
  return longest !== undefined && longest.length >= 2 ? [longest] : [];
}
