import { findingText } from '../../lambda/alerts/renderings/json-rendering.ts';
import type { Print, Reporter } from './reporter.ts';

/** One document of all findings and the statistics, written as it grows. */
export function jsonReporter(print: Print): Reporter {
  let separator = '';
  return {
    async finding(finding) {
      await print(`${separator || '{"findings":['}\n${findingText(finding)}`);
      separator = ',';
    },
    async end(stats) {
      await print(`${separator ? '\n' : '{"findings":['}],\n"stats":${JSON.stringify(stats)}}\n`);
    },
  };
}
