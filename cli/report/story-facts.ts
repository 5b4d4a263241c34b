import type { EventFacts } from '../../lambda/findings/finding.ts';
import { certificateFacts, type Fact, requestFacts } from '../../lambda/findings/finding-facts.ts';
import { certificateToFollow } from '../../lambda/follow/followed-certificate.ts';
import { filled } from '../../lambda/response/placeholders.ts';
import { listText } from '../../lambda/text/list-text.ts';
import { shownQuoted, shownStyle } from './shown-text.ts';

/** The facts of an alert about a request and its certificate, how to find the certificate's later use, and how to end it. */
export function storyFacts(finding: EventFacts): Fact[] {
  const search = filled('npx csrwatch scan --certificate FINGERPRINT FILE', finding);
  return [
    ...requestFacts(finding, shownStyle),
    ...certificateFacts(finding, shownStyle),
    ...(finding.certificate === undefined ? [] : [[commandLabel, search] as const]),
    ...endOf(finding),
  ];
}

/** The label of a command, which is not broken into lines so that it can be copied. */
export const commandLabel = 'Later use';

/** What ends a login, if it is not a node's own. */
function endOf(finding: EventFacts): Fact[] {
  const followed = certificateToFollow(finding);
  if (followed === undefined) return [];
  const { commonName, organizations = [] } = followed.certificate.subject ?? finding.request.subject ?? {};
  const names = [...(commonName ? [commonName] : []), ...organizations];
  const builtIn = names.filter((name) => name.startsWith('system:'));
  const holders = [
    ...(commonName ? [`the user ${shownQuoted(commonName, 100)}`] : []),
    ...(organizations.length > 0
      ? [`the ${organizations.length === 1 ? 'group' : 'groups'} ${list(organizations)}`]
      : []),
  ];
  const only = "only rotating the cluster's CA ends it before it expires";
  const text =
    builtIn.length > 0
      ? `Kubernetes cannot revoke it, and the permissions of ${list(builtIn)} are built in: ${only}`
      : `Kubernetes cannot revoke it: remove the permissions of ${holders.join(' and ') || 'its user and groups'}; ${only}`;
  return [['To end it', text]];
}

function list(names: readonly string[]): string {
  return listText(names, 5, (name) => shownQuoted(name, 100));
}
