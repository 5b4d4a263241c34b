import type { PeopleOptions } from '../report/people-reporter.ts';
import { shownQuoted } from '../report/shown-text.ts';
import type { ScanOptions } from './scan-options.ts';

export function peopleOptions({ sort, summaryOnly, query, filters }: ScanOptions): PeopleOptions {
  const { actor, certificate, csr } = filters;
  const subjects = [
    ...(actor === undefined ? [] : [`actor ${shownQuoted(actor)}`]),
    ...(certificate === undefined ? [] : [`certificate ${certificate}`]),
    ...(query === undefined ? [] : ['the events that match the query']),
  ];
  return {
    sort,
    summaryOnly,
    timelineOf: subjects.length === 0 ? undefined : subjects.join(', '),
    onlyCsrStories: query !== undefined,
    csr,
  };
}
