import type { Finding } from '../findings/finding.ts';
import type { Search } from './searches.ts';

/** One action: a text of csrwatch or of a rule, and commands that can be pasted. */
export interface Step {
  readonly say: string;
  readonly commands?: readonly string[];
}

/** A step that searches in CloudWatch Logs if the event came from there, otherwise in files. */
export function searchStep({ place }: Finding, say: string, search: Search): Step {
  return place.origin.kind === 'log-stream'
    ? {
        say: `${say}, in CloudWatch Logs Insights over the cluster's log group:`,
        commands: [search.insights],
      }
    : { say: `${say}:`, commands: [search.scan] };
}
