import type { Paper } from './paper.ts';
import { renderStory } from './render-story.ts';
import type { Print, Reporter } from './reporter.ts';
import { createStories } from './stories.ts';

/** Events kept before they are printed, some kilobytes each. */
const keptEvents = 5_000;

/**
 * For people: events of one CSR stand together, so nothing is printed before the end. Of a scan that finds more than is
 * kept, what was found so far is printed and forgotten; a CSR's story may then stand in two parts.
 */
export function textReporter(print: Print, paper: Paper, maxEvents = keptEvents): Reporter {
  const stories = createStories();
  let separator = '';
  const printAll = async () => {
    for (const story of stories.take()) {
      await print(`${separator}${renderStory(story, paper)}`);
      separator = '\n';
    }
  };
  return {
    async finding(finding) {
      if (stories.size >= maxEvents && !stories.has(finding)) await printAll();
      stories.add(finding);
    },
    end: printAll,
  };
}
