import type { Finding } from '../findings/finding.ts';
import type { Search } from './searches.ts';

/** One thing to do: a sentence of ours or of a rule's, and commands that can be pasted. */
export interface Step {
  readonly say: string;
  readonly commands?: readonly string[];
}

/** A step that searches: in CloudWatch where the events stand there, else in files. */
export function searchStep({ place }: Finding, say: string, search: Search): Step {
  return place.origin.kind === 'log-stream'
    ? {
        say: `${say}, in CloudWatch Logs Insights over the cluster's log group:`,
        commands: [search.insights],
      }
    : { say: `${say}:`, commands: [search.scan] };
}
