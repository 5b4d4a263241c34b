import type { EventFacts, Finding, Severity } from '../../lambda/findings/finding.ts';
import { requestKey } from '../../lambda/findings/request-key.ts';
import type { CsrIdentity } from './csr-identity.ts';
import { addStage, addTo, contextEntry, type Entry, entryOf, worse } from './story-entry.ts';

/** The events of one CSR, or one event on another resource. */
export interface Story {
  readonly entries: Entry[];
  severity: Severity;
  uid: string | undefined;
}

export interface Stories {
  add(finding: Finding): void;
  /** Whether a finding of the same request is kept. */
  has(finding: Finding): boolean;
  /** Whether an event of this CSR belongs to a story that is kept. */
  includes(identity: CsrIdentity): boolean;
  /** Adds an event that has no finding to the story of its CSR. Without such a story it is ignored. */
  addContext(facts: EventFacts, identity: CsrIdentity, ruleIds: readonly string[]): void;
  /** The number of requests that are kept. */
  readonly size: number;
  /** Removes and returns all stories, in the order of their first events. */
  take(): Story[];
}

/**
 * Groups findings: those of one request are one entry; the events of one CSR (the same cluster and uid, or the same name if
 * the log has no uid) are one story. The same name with another uid starts another story.
 */
export function createStories(): Stories {
  let stories: Story[] = [];
  let entries = new Map<string, { entry: Entry; story: Story }>();
  let byUid = new Map<string, Story>();
  let byName = new Map<string, Story>();
  const keysOf = ({ cluster, uid, name }: Omit<CsrIdentity, 'request'>) => ({
    uid: uid === undefined ? undefined : JSON.stringify([cluster, uid]),
    name: name === undefined ? undefined : JSON.stringify([cluster, name]),
  });
  const known = ({ uid, name }: ReturnType<typeof keysOf>): Story | undefined => {
    const sameUid = uid === undefined ? undefined : byUid.get(uid);
    const named = name === undefined ? undefined : byName.get(name);
    const sameName = named && (!uid || !named.uid || named.uid === uid) ? named : undefined;
    return sameUid ?? sameName;
  };
  const addKeys = (story: Story, { uid, name }: ReturnType<typeof keysOf>) => {
    if (uid !== undefined) {
      story.uid = uid;
      byUid.set(uid, story);
    }
    if (name !== undefined) byName.set(name, story);
  };
  /** The request that the event belongs to, or the event itself if it only pretends to be a stage of that request. */
  const place = (request: string, entry: Entry, newStory: () => Story | undefined): Story | undefined => {
    const [[stage, digest] = ['', '']] = entry.digests;
    const same = entries.get(request);
    const copy = same?.entry.digests.get(stage);
    if (same && (copy === undefined || copy === digest)) {
      if (copy === undefined) addStage(same.entry, entry);
      else addTo(same.entry, entry);
      return same.story;
    }
    const key = same ? digest : request;
    const own = same && entries.get(digest);
    if (own) {
      addTo(own.entry, entry);
      return own.story;
    }
    const story = newStory();
    story?.entries.push(entry);
    if (story) entries.set(key, { entry, story });
    return story;
  };
  return {
    get size() {
      return entries.size;
    },
    has: (finding) => entries.has(requestKey(finding)),
    includes: (identity) => entries.has(identity.request) || known(keysOf(identity)) !== undefined,
    add(finding) {
      const entry = entryOf(finding);
      const keys = keysOf({ cluster: entry.cluster, uid: entry.csr?.uid, name: entry.csr?.name });
      const story = place(requestKey(finding), entry, () => {
        const found = known(keys) ?? { entries: [], severity: entry.severity, uid: keys.uid };
        if (found.entries.length === 0) stories.push(found);
        return found;
      });
      if (!story) return;
      addKeys(story, keys);
      story.severity = worse(story.severity, entry.severity);
    },
    addContext(facts, identity, ruleIds) {
      place(identity.request, contextEntry(facts, ruleIds), () => known(keysOf(identity)));
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
