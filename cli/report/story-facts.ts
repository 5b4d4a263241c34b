import { filled } from '../../lambda/alerts/response/placeholders.ts';
import { laterUse } from '../../lambda/alerts/response/searches.ts';
import { certificateFacts, type Fact, requestFacts } from '../../lambda/alerts/wording/alert-facts.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { shown } from './shown-text.ts';

/** What a page says of a request and its certificate, and the search for every later login with it. */
export function storyFacts(finding: Finding): Fact[] {
  const search = filled(laterUse.scan, finding);
  return [
    ...requestFacts(finding, shown),
    ...certificateFacts(finding, shown),
    ...(finding.certificate === undefined ? [] : [[commandLabel, search] as const]),
  ];
}

/** Label of a fact that is a command: it is not broken into lines, so that it can be copied. */
export const commandLabel = 'Later use';
