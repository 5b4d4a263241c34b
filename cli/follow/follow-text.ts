import type { ListedCertificate } from '../../lambda/follow/follow-answer.ts';
import { counted } from '../amounts.ts';
import { shownIfAny, shownQuoted } from '../report/shown-text.ts';
import type { WatchListAnswer } from './watch-list-function.ts';

/** The function's answer as lines for a person. Subjects and names come from the log, so they are quoted. */
export function followText(answer: Exclude<WatchListAnswer, { kind: 'failed' }>): string[] {
  switch (answer.kind) {
    case 'list':
      return [
        ...answer.certificates.flatMap(certificateLines),
        countLine(answer.certificates.length, answer.limit),
      ];
    case 'added':
      return [
        answer.isNew
          ? 'The certificate is followed now.'
          : 'The certificate was already followed: nothing has changed.',
      ];
    case 'removed':
      return [
        answer.wasThere
          ? 'The certificate is no longer followed.'
          : 'The certificate is not on the list: nothing has changed.',
      ];
  }
}

function certificateLines(listed: ListedCertificate): string[] {
  const { certificate, subject, cluster, until, issued, requester, csrName, findingId, addedBy, reason } =
    listed;
  const facts = [
    ['', shownIfAny(subject)],
    ['cluster ', shownIfAny(cluster)],
    ['until ', shownIfAny(until)],
  ];
  const issuance = [
    ['issued ', shownIfAny(issued)],
    ['requested by ', shownIfAny(requester)],
    ['CSR ', shownIfAny(csrName)],
    ['finding ', shownIfAny(findingId)],
  ];
  const byHand = addedBy === 'hand' ? [`  added by hand: ${shownQuoted(reason ?? '')}`] : [];
  return [certificate, ...line(facts), ...line(issuance), ...byHand];
}

/** The known facts of a list, on one line. */
function line(facts: readonly (readonly (string | undefined)[])[]): string[] {
  const known = facts.flatMap(([label = '', value]) => (value === undefined ? [] : [`${label}${value}`]));
  return known.length === 0 ? [] : [`  ${known.join(', ')}`];
}

function countLine(count: number, limit: number): string {
  if (count === 0) return 'No certificates are followed.';
  return `${counted(count, 'certificate')} followed, of at most ${limit.toLocaleString('en-US')}.`;
}
