import type { Issuance, Subject } from '../findings/finding.ts';
import type { FollowedCertificate } from './followed-certificate.ts';

/** A requester chooses the names: an item has at most 400 kB, and the list is read as a whole. */
const maxCharacters = 512;
const maxNames = 20;
/** The bound of all names of a kind together: larger items would exceed the read throughput of one partition. */
const maxNameCharacters = 1_024;

/** The certificate with texts of bounded length. */
export function storable({ certificate, cluster, issuance }: FollowedCertificate): FollowedCertificate {
  const { subject, serialNumber, ...rest } = certificate;
  return {
    certificate: {
      ...rest,
      ...(serialNumber === undefined ? {} : { serialNumber: cut(serialNumber) }),
      ...(subject ? { subject: boundedSubject(subject) } : {}),
    },
    cluster: cluster === null ? null : cut(cluster),
    issuance: boundedIssuance(issuance),
  };
}

function boundedSubject(subject: Subject): Subject {
  return {
    commonName: subject.commonName === null ? null : cut(subject.commonName),
    organizations: names(subject.organizations),
    dnsNames: names(subject.dnsNames),
    ipAddresses: names(subject.ipAddresses),
    emailAddresses: names(subject.emailAddresses),
    uris: names(subject.uris),
  };
}

function boundedIssuance(issuance: Issuance): Issuance {
  const { requestMissing, ...texts } = issuance;
  const bounded = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, cut(text)]));
  return { ...bounded, ...(requestMissing ? { requestMissing } : {}) };
}

function names(all: readonly string[]): string[] {
  const bounded: string[] = [];
  let characters = 0;
  for (const name of all.slice(0, maxNames).map(cut)) {
    characters += name.length;
    if (characters > maxNameCharacters) break;
    bounded.push(name);
  }
  return bounded;
}

function cut(text: string): string {
  return text.slice(0, maxCharacters);
}
