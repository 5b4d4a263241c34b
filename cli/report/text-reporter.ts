import type { Paper } from './paper.ts';
import { renderStory } from './render-story.ts';
import type { Print, Reporter } from './reporter.ts';
import { createStories } from './stories.ts';

/** Events kept before they are printed; each takes a few kilobytes. */
const keptEvents = 5_000;

/**
 * For people. The events of one CSR are printed together, so nothing is printed before the end. If a scan finds more events
 * than are kept, those found so far are printed and dropped; the story of a CSR may then appear in two parts.
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
