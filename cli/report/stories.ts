import type { Finding, Severity } from '../../lambda/findings/finding.ts';
import { addTo, type Entry, entryOf, worse } from './story-entry.ts';

/** The events of one CSR, or one event on another resource. */
export interface Story {
  readonly entries: Entry[];
  severity: Severity;
  uid: string | undefined;
}

export interface Stories {
  add(finding: Finding): void;
  /** Whether a finding of the same event is kept. */
  has(finding: Finding): boolean;
  /** The number of events that are kept. */
  readonly size: number;
  /** Removes and returns all stories, in the order of their first events. */
  take(): Story[];
}

/**
 * Groups findings: those of one event are one entry; the events of one CSR (the same cluster and uid, or the same name if
 * the log has no uid) are one story. The same name with another uid starts another story.
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
