import { findingText } from '../../lambda/findings/finding-json.ts';
import { withSteps } from '../../lambda/response/with-steps.ts';
import type { Print, Reporter } from './reporter.ts';

/** One finding per line, as soon as it is found. */
export function ndjsonReporter(print: Print): Reporter {
  return {
    async item(item) {
      if (item.kind === 'finding') await print(`${findingText(withSteps(item.finding))}\n`);
    },
    end: async () => {},
  };
}
