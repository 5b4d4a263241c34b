import type { Finding } from '../findings/finding.ts';
import type { Rendering } from './channel.ts';
import { jsonMessage } from './json.ts';
import { type Page, pageKey, type RenderContext } from './page.ts';
import { type Burst, burstsOf } from './story.ts';
import { textMessage } from './text.ts';

/** The pages that a channel gets for some findings. */
export function render(rendering: Rendering, findings: readonly Finding[], _context: RenderContext): Page[] {
  switch (rendering) {
    case 'json':
      return findings.map((finding) => ({
        keys: [pageKey(rendering, finding)],
        message: jsonMessage(finding),
      }));
    case 'text':
      return burstsOf(findings).map((burst) => ({
        keys: keysOf(burst, rendering),
        message: textMessage(burst),
      }));
  }
}

function keysOf(burst: Burst, rendering: Rendering): string[] {
  return burst.map(({ leading }) => pageKey(rendering, leading));
}
