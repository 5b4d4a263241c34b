import { findingText } from '../../lambda/alerts/renderings/json-rendering.ts';
import type { Print, Reporter } from './reporter.ts';

/** One finding a line, as soon as it is found. */
export function ndjsonReporter(print: Print): Reporter {
  return {
    finding: (finding) => print(`${findingText(finding)}\n`),
    end: async () => {},
  };
}
