import { findingText } from '../../lambda/findings/finding-json.ts';
import { jsonText } from '../../lambda/json/json-text.ts';
import { withSteps } from '../../lambda/response/with-steps.ts';
import type { Print, Reporter } from './reporter.ts';

/** One document of all findings and the statistics, written while the scan runs. */
export function jsonReporter(print: Print): Reporter {
  let separator = '';
  return {
    async item(item) {
      if (item.kind !== 'finding') return;
      await print(`${separator || '{"findings":['}\n${findingText(withSteps(item.finding))}`);
      separator = ',';
    },
    async end(stats) {
      await print(`${separator ? '\n' : '{"findings":['}],\n"stats":${jsonText(stats)}}\n`);
    },
  };
}
