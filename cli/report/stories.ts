import type { Finding, Severity } from '../../lambda/findings/finding.ts';
import { addTo, type Entry, entryOf, worse } from './story-entry.ts';

/** What became of one CSR, or one event on something else. */
export interface Story {
  readonly entries: Entry[];
  severity: Severity;
  uid: string | undefined;
}

export interface Stories {
  add(finding: Finding): void;
  /** Whether another finding of the same event is kept. */
  has(finding: Finding): boolean;
  /** Events that are kept. */
  readonly size: number;
  /** All of them, in the order of their first events; none is kept any longer. */
  take(): Story[];
}

/**
 * Puts findings together: those of one event are one entry, the events of one CSR (its cluster and uid, or its name
 * where the log has no uid) one story. A name that is used again for another uid begins another.
 */
export function createStories(): Stories {
  let stories: Story[] = [];
  let entries = new Map<string, { entry: Entry; story: Story }>();
  let byUid = new Map<string, Story>();
  let byName = new Map<string, Story>();
  const storyOf = ({ csr, cluster, severity }: Entry): Story => {
    const uid = csr?.uid === undefined ? undefined : JSON.stringify([cluster, csr.uid]);
    const name = csr?.name === undefined ? undefined : JSON.stringify([cluster, csr.name]);
    const sameUid = uid === undefined ? undefined : byUid.get(uid);
    const named = name === undefined ? undefined : byName.get(name);
    const sameName = named && (!uid || !named.uid || named.uid === uid) ? named : undefined;
    const story = sameUid ?? sameName ?? { entries: [], severity, uid };
    if (story.entries.length === 0) stories.push(story);
    if (uid !== undefined) {
      story.uid = uid;
      byUid.set(uid, story);
    }
    if (name !== undefined) byName.set(name, story);
    return story;
  };
  return {
    get size() {
      return entries.size;
    },
    has: ({ eventDigest }) => entries.has(eventDigest),
    add(finding) {
      const known = entries.get(finding.eventDigest);
      if (known) {
        addTo(known.entry, finding);
        known.story.severity = worse(known.story.severity, finding.severity);
        return;
      }
      const entry = entryOf(finding);
      const story = storyOf(entry);
      story.entries.push(entry);
      story.severity = worse(story.severity, entry.severity);
      entries.set(entry.digest, { entry, story });
    },
    take() {
      const taken = stories;
      stories = [];
      entries = new Map();
      byUid = new Map();
      byName = new Map();
      return taken;
    },
  };
}
