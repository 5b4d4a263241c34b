import type { TopicSubscription, TopicSubscriptions } from './topic-subscriptions.ts';

/** A channel's topic with its subscriptions. */
export interface CheckedTopic {
  readonly name: string;
  /** `json`, `text`, `chat`, `alarm`; `operations` is the topic of alarms about csrwatch itself. */
  readonly rendering: string;
  readonly listed: TopicSubscriptions;
}

export type PeopleCheck =
  | { readonly kind: 'reached' }
  /** Only programs are subscribed, and the configuration specifies no people. */
  | { readonly kind: 'json-only'; readonly reason: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

/**
 * Whether an alert reaches a person: a human channel needs a confirmed subscription by e-mail, SMS, or to a URL of a
 * chat or a pager. Any program may be behind the URL of another channel.
 * @param isConfigured - whether the configuration subscribes people: if so, their absence is a fault
 * @param canaryQueue - the name of the queue that belongs to csrwatch itself
 */
export function checkPeople(
  topics: readonly CheckedTopic[],
  { isConfigured, canaryQueue }: { readonly isConfigured: boolean; readonly canaryQueue: string },
): PeopleCheck {
  const human = topics.filter(({ rendering }) => !['json', 'operations'].includes(rendering));
  const people = human.flatMap(({ rendering, listed }) =>
    subscriptionsOf(listed).filter(({ protocol }) => reachesPeople(rendering, protocol)),
  );
  if (people.some(({ state }) => state === 'confirmed')) return { kind: 'reached' };
  const unlisted = human.find(({ listed }) => !listed.ok);
  if (unlisted !== undefined) {
    return { kind: 'unreachable', reason: `the subscriptions of ${unlisted.name} could not be listed` };
  }
  if (people.length > 0)
    return { kind: 'unreachable', reason: 'no subscription of a person is confirmed yet' };
  if (isConfigured) {
    return { kind: 'unreachable', reason: 'the subscriptions that the stack created are gone' };
  }
  const hasPrograms = topics
    .filter(({ rendering }) => rendering === 'json')
    .flatMap(({ listed }) => subscriptionsOf(listed))
    .some(({ endpoint, state }) => state === 'confirmed' && !endpoint.endsWith(`:${canaryQueue}`));
  return hasPrograms
    ? { kind: 'json-only', reason: 'only programs are subscribed: findings reach people only through them' }
    : { kind: 'unreachable', reason: 'no person and no program is subscribed to any channel' };
}

function subscriptionsOf(listed: TopicSubscriptions): readonly TopicSubscription[] {
  return listed.ok ? listed.subscriptions : [];
}

function reachesPeople(rendering: string, protocol: string): boolean {
  switch (protocol) {
    case 'email':
    case 'email-json':
    case 'sms':
      return true;
    case 'https':
      return rendering === 'chat' || rendering === 'alarm';
    default:
      return false;
  }
}
