import { topics } from './execution-environments.ts';
import type { History, Publication } from './history.ts';

/** What the subscribers of a channel read in a message. */
export interface SentMessage {
  readonly publication: Publication;
  /** What a second message about the same would repeat: on `json` event and rule, on `text` an event. */
  readonly keys: readonly string[];
  /** Events that are counted, not named. */
  readonly counted?: {
    readonly count: number;
    /** Absent if they are of several actors. */
    readonly actor?: string;
  };
}

export const jsonKey = (token: string, rule: string) => `${token} ${rule}`;

export function messagesOn(topic: string, { publications, scenario }: History): SentMessage[] {
  const actors = new Map(scenario.events.map(({ token, actor }) => [token, actor]));
  return publications
    .filter((publication) => publication.topic === topic)
    .map((publication) =>
      topic === topics.json ? jsonAlert(publication) : textMessage(publication, actors),
    );
}

function jsonAlert(publication: Publication): SentMessage {
  const { event, rule }: { event: { auditID: string }; rule: { id: string } } = JSON.parse(
    publication.message,
  );
  return { publication, keys: [jsonKey(event.auditID, rule.id)] };
}

/** `HIGH in prod: 3 more events by "mallory", from …` */
const summary = /: (one|\d+) more (?:events?|requests?)[^"]* by (?:several|"([^"]*)")/;
/** Of an alert about many events. */
const unnamed = /^- and (\d+) more; the json channel has all of them$/m;

/** The event that the alert describes, and the others that it lists. Other parts may name earlier events. */
function named(email: string): string[] {
  const [, described = ''] = /^auditID "(t\d+x\d+)"$/m.exec(email) ?? [];
  const [listed = ''] = /^This is the most serious of .*?\n\n/ms.exec(email) ?? [];
  return [described, ...[...listed.matchAll(/csr-(t\d+x\d+)/g)].flatMap(([, token]) => token ?? [])];
}

function textMessage(publication: Publication, actors: ReadonlyMap<string, string>): SentMessage {
  const { email }: { email: string } = JSON.parse(publication.message);
  const [headline = ''] = email.split('\n');
  const [, count, actor] = summary.exec(headline) ?? [];
  if (count !== undefined) {
    const last = /The last finding is \w+/.exec(email)?.[0] ?? '';
    return {
      ...{ publication, keys: [`${headline} ${last}`] },
      counted: { count: count === 'one' ? 1 : Number(count), ...(actor === undefined ? {} : { actor }) },
    };
  }
  const keys = [...new Set(named(email))];
  const more = Number(unnamed.exec(email)?.[1] ?? 0);
  const owner = actors.get(keys[0] ?? '');
  return {
    ...{ publication, keys },
    ...(more > 0 ? { counted: { count: more, ...(owner === undefined ? {} : { actor: owner }) } } : {}),
  };
}
