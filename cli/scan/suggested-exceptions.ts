import type { Finding } from '../../lambda/findings/finding.ts';
import { isCanary } from '../../lambda/findings/is-canary.ts';
import { plainTextStyle, quoted } from '../../lambda/text/quoted-text.ts';
import { timeText } from '../../lambda/text/time-text.ts';
import { counted } from '../amounts.ts';
import type { Print, Reporter } from '../report/reporter.ts';
import { activityOf, subjectRestriction } from './exception-query.ts';

/** An attacker may act under any number of names. */
const maxActivities = 10_000;
const shownCandidates = 50;

interface Candidate {
  /** KQL, without the restriction of the subject. */
  readonly activity: string;
  readonly query: string;
  readonly example: Finding;
  readonly rules: Set<string>;
  events: number;
  first: string | undefined;
  last: string | undefined;
  lastDigest: string;
}

/**
 * Prints exceptions for the activity that a scan finds, the most frequent first. An exception that would suppress a
 * critical finding is never suggested, nor one for unauthenticated users.
 */
export function suggestionReporter(print: Print, say: (text: string) => void): Reporter {
  const candidates = new Map<string, Candidate>();
  const critical = new Set<string>();
  let unsuggested = 0;
  return {
    async item(item) {
      if (item.kind !== 'finding' || isCanary(item.finding)) return;
      const { finding } = item;
      const activity = activityOf(finding);
      const restriction = subjectRestriction(finding);
      const isCritical = finding.severity === 'critical';
      if (activity !== undefined && isCritical && critical.size < maxActivities) critical.add(activity);
      if (activity === undefined || restriction === undefined || isUnauthenticated(finding)) {
        unsuggested += 1;
        return;
      }
      const query = `${activity}${restriction}`;
      const known = candidates.get(query);
      if (known) addTo(known, finding);
      else if (candidates.size < maxActivities) candidates.set(query, candidateOf(finding, activity, query));
      else unsuggested += 1;
    },
    async end() {
      const all = [...candidates.values()];
      // if there are more critical activities than are kept, no candidate is known to be safe
      const safe = all
        .filter(({ activity }) => critical.size < maxActivities && !critical.has(activity))
        .sort((a, b) => b.events - a.events);
      for (const candidate of safe.slice(0, shownCandidates)) await print(candidateText(candidate));
      const hidden = safe.length - shownCandidates;
      const withheld = all.length - safe.length;
      say(
        [
          `${counted(safe.length, 'exception')} suggested\n`,
          ...(hidden > 0 ? [`the ${shownCandidates} most frequent are shown\n`] : []),
          ...(withheld > 0
            ? [
                `none for ${counted(withheld, 'activity', 'activities')} with critical findings: investigate these\n`,
              ]
            : []),
          ...(unsuggested > 0
            ? [
                `none for ${counted(unsuggested, 'finding')} of unauthenticated users or of requests whose content the log does not show\n`,
              ]
            : []),
        ].join(''),
      );
    },
  };
}

function isUnauthenticated({ actor }: Finding): boolean {
  return actor.name === 'system:anonymous' || actor.groups.includes('system:unauthenticated');
}

function candidateOf(finding: Finding, activity: string, query: string): Candidate {
  const { time, rule, eventDigest } = finding;
  return {
    ...{ activity, query, example: finding, rules: new Set([rule.id]) },
    ...{ events: 1, first: time, last: time, lastDigest: eventDigest },
  };
}

/** The findings of one event follow each other. */
function addTo(candidate: Candidate, { time, rule, eventDigest }: Finding): void {
  candidate.rules.add(rule.id);
  if (candidate.lastDigest !== eventDigest) candidate.events += 1;
  candidate.lastDigest = eventDigest;
  if (time === undefined) return;
  if (candidate.first === undefined || time < candidate.first) candidate.first = time;
  if (candidate.last === undefined || time > candidate.last) candidate.last = time;
}

function candidateText({ query, example, rules, events, first, last }: Candidate): string {
  const { actor, verb = '', resource = '', subresource, request } = example;
  const object = [resource, ...(subresource === undefined ? [] : [subresource])].join('/');
  const signer = request.signerName === undefined ? '' : `, signer ${quoted(request.signerName)}`;
  const period =
    first === undefined || last === undefined
      ? 'without a time'
      : `${timeText(first, plainTextStyle)} to ${timeText(last, plainTextStyle)}`;
  return [
    `# ${counted(events, 'event')}, ${period}`,
    `# user ${quoted(actor.name ?? '')}, verb ${quoted(verb, 60)} on ${quoted(object, 100)}${signer}`,
    `# rules: ${[...rules].map((id) => quoted(id)).join(', ')}`,
    `${query}\n\n`,
  ].join('\n');
}
