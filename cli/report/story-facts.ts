import type { EventFacts } from '../../lambda/findings/finding.ts';
import { certificateFacts, type Fact, requestFacts } from '../../lambda/findings/finding-facts.ts';
import { filled } from '../../lambda/response/placeholders.ts';
import { laterUse } from '../../lambda/response/searches.ts';
import { shownStyle } from './shown-text.ts';

/** The facts of an alert about a request and its certificate, and the search for every later login with it. */
export function storyFacts(finding: EventFacts): Fact[] {
  const search = filled(laterUse.scan, finding);
  return [
    ...requestFacts(finding, shownStyle),
    ...certificateFacts(finding, shownStyle),
    ...(finding.certificate === undefined ? [] : [[commandLabel, search] as const]),
  ];
}

/** The label of a command, which is not broken into lines so that it can be copied. */
export const commandLabel = 'Later use';
