import type { Finding, Severity } from '../../lambda/findings/finding.ts';
import { listText } from '../../lambda/text/list-text.ts';
import type { CertificateUses } from './certificate-uses.ts';
import { shown, shownIfAny, shownQuoted } from './shown-text.ts';
import type { Story } from './stories.ts';
import type { ShownCertificate } from './story-entry.ts';

/** A text and how often it occurred. */
export type Count = readonly [text: string, times: number];

/** What the findings have in common, for the overview before the stories. */
export interface Tally {
  finding(finding: Finding): void;
  story(story: Story): void;
  /** @param uses - of certificates, by fingerprint */
  counts(uses: ReadonlyMap<string, CertificateUses>): TallyCounts;
}

export interface TallyCounts {
  readonly findings: number;
  /** Findings of an event that is in the logs more than once. */
  readonly copies: number;
  readonly severities: readonly Count[];
  /** `used` for the use of a certificate. */
  readonly phases: readonly Count[];
  readonly rules: readonly Count[];
  readonly actors: readonly Count[];
  readonly addresses: readonly Count[];
  readonly certificates: readonly ListedCertificate[];
}

/** A certificate, and what it was used for if that was looked for. */
export interface ListedCertificate extends ShownCertificate {
  readonly uses?: CertificateUses | undefined;
}

/** An attacker can use any number of names. */
const maxTexts = 10_000;
const maxIds = 200_000;

export function createTally(): Tally {
  const ids = new Set<string>();
  const severities = new Map<string, number>();
  const phases = new Map<string, number>();
  const rules = new Map<string, number>();
  const actors = new Map<string, number>();
  const addresses = new Map<string, number>();
  const certificates = new Map<string, ShownCertificate>();
  let findings = 0;
  let copies = 0;
  return {
    finding({ eventDigest, severity, phase, outcome, rule, actor, issuance }) {
      const id = `${eventDigest} ${rule.id}`;
      findings += 1;
      if (ids.has(id)) {
        copies += 1;
        return;
      }
      if (ids.size < maxIds) ids.add(id);
      add(severities, severity);
      // the use of a certificate can be any request, so its phase would not be what people look for
      const action = issuance === undefined ? phase : 'used';
      add(phases, outcome === 'succeeded' ? action : `${action} (${outcome})`);
      add(rules, shown(rule.id, 100));
      add(actors, shownIfAny(actor.name, 150) ?? 'an unnamed user');
      // only the last address is the API server's own observation
      add(addresses, listText(actor.sourceIPs.slice(-1), 1, shownQuoted) || 'none');
    },
    story({ entries }) {
      const [, requested] =
        entries.flatMap(({ facts }) => facts).find(([label]) => label === 'Subject') ?? [];
      for (const { certificate } of entries) {
        if (!certificate || certificates.size >= maxTexts) continue;
        const subject = certificate.subject ?? requested;
        certificates.set(certificate.sha256, { ...certificate, subject });
      }
    },
    counts: (uses) => ({
      findings,
      copies,
      severities: worstFirst.flatMap((severity): Count[] => {
        const times = severities.get(severity);
        return times === undefined ? [] : [[severity, times]];
      }),
      phases: mostFirst(phases),
      rules: mostFirst(rules),
      actors: mostFirst(actors),
      addresses: mostFirst(addresses),
      certificates: [...certificates.values()].map((one) => ({ ...one, uses: uses.get(one.sha256) })),
    }),
  };
}

const worstFirst: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

function add(counts: Map<string, number>, text: string): void {
  if (counts.size < maxTexts || counts.has(text)) counts.set(text, (counts.get(text) ?? 0) + 1);
}

function mostFirst(counts: ReadonlyMap<string, number>): Count[] {
  return [...counts].sort((a, b) => b[1] - a[1]);
}
