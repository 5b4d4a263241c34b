import type { Show } from '../text/visible-text.ts';
import type { Subject } from './finding.ts';

/** `CN="bob", O="oidc:security"`; `''` for a subject without either. */
export function subjectText({ commonName, organizations }: Subject, shownNames: number, quote: Show): string {
  const cn = commonName === null ? [] : [`CN=${quote(commonName, 100)}`];
  const os = organizations.slice(0, shownNames).map((name) => `O=${quote(name, 60)}`);
  const more = organizations.length > shownNames ? [`and ${organizations.length - shownNames} more O`] : [];
  return [...cn, ...os, ...more].join(', ');
}
