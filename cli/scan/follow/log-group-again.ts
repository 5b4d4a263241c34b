import { credentialIdScheme } from '../../../lambda/audit/credential-id.ts';
import { type SubscriptionFilter, subscriptionFilter } from '../../../lambda/kql/subscription-filter.ts';
import type { ScanOptions } from '../../../lambda/scan/input.ts';
import { interrupted } from '../file-input.ts';
import { type LogGroupSearch, scanLogGroup } from '../log-group-input.ts';
import type { SecondScan } from './second-scan.ts';

/** As many credential ids as fit into a filter pattern, which has at most 1,024 characters. */
const idsPerPattern = 12;
/** With more of them, one search for all client certificates is faster. */
const maxPatterns = 10;

/** Searches a log group once more, for the uses of certificates: the first search was only for the literals of the rules. */
export function logGroupAgain(search: Omit<LogGroupSearch, 'filter'>): SecondScan {
  return {
    path: search.name,
    findsPossibleUses: false,
    close: async () => {},
    async scan(fingerprints: readonly string[], options: ScanOptions) {
      for (const filter of useFilters(fingerprints)) {
        const { fault } = await scanLogGroup({ ...search, filter }, options);
        if (search.signal.aborted) return interrupted;
        if (fault) return fault.reason;
      }
      return undefined;
    },
  };
}

/** Terms, since the quotation marks of JSON enclose a credential id. */
export function useFilters(fingerprints: readonly string[]): SubscriptionFilter[] {
  const isTooMany = fingerprints.length > idsPerPattern * maxPatterns;
  if (isTooMany) return [subscriptionFilter([literal(credentialIdScheme, false)])];
  const patterns = Math.ceil(fingerprints.length / idsPerPattern);
  return Array.from({ length: patterns }, (_, index) => {
    const some = fingerprints.slice(index * idsPerPattern, (index + 1) * idsPerPattern);
    return subscriptionFilter(some.map((digits) => literal(`${credentialIdScheme}=${digits}`, true)));
  });
}

function literal(text: string, isWholeWord: boolean) {
  return { text, isWholeWord, ignoreCase: false };
}
