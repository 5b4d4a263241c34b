import type { CertificateUses } from './certificate-uses.ts';
import type { Story } from './stories.ts';

/** The uses of the certificates that the story's CSR led to. */
export function usesOf(
  { entries }: Story,
  uses: ReadonlyMap<string, CertificateUses>,
): readonly CertificateUses[] {
  const fingerprints = new Set(entries.flatMap(({ certificate }) => certificate?.sha256 ?? []));
  return [...fingerprints].flatMap((sha256) => uses.get(sha256) ?? []);
}

/** A CSR that was requested with the certificate of another follows it, whatever their times. */
export function inChains(
  stories: readonly Story[],
  uses: ReadonlyMap<string, CertificateUses>,
): readonly Story[] {
  const ordered = new Set<Story>();
  const follows = (story: Story) => {
    if (ordered.has(story)) return;
    ordered.add(story);
    for (const { followed, requestedCsrs } of usesOf(story, uses)) {
      for (const other of stories) {
        const isOfCluster = other.entries.some(({ cluster }) => (cluster ?? null) === followed.cluster);
        if (isOfCluster && other.entries.some(({ csr }) => csr?.name && requestedCsrs.has(csr.name)))
          follows(other);
      }
    }
  };
  for (const story of stories) follows(story);
  return [...ordered];
}
