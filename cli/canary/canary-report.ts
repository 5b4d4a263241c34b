import type { CanaryResult } from '../../lambda/canary/run-canary.ts';
import type { CheckedTopic, PeopleCheck } from './check-people.ts';

export interface CanaryOutcome {
  readonly results: readonly CanaryResult[];
  /** The result of the test alert, if one was sent. */
  readonly testAlert?: CanaryResult;
  /** Absent on the local AWS. */
  readonly topics?: readonly CheckedTopic[];
  readonly people?: PeopleCheck;
}

/** What the command prints, and whether everything is as it should be. */
export function canaryReport({ results, testAlert, topics = [], people }: CanaryOutcome): {
  readonly lines: readonly string[];
  readonly ok: boolean;
} {
  const isEveryAlertThere = [...results, ...(testAlert ? [testAlert] : [])].every(({ ok }) => ok);
  return {
    lines: [
      ...results.map(resultLine),
      ...(testAlert ? [testAlertLine(testAlert)] : []),
      ...topics.filter(({ rendering }) => rendering !== 'json').flatMap(topicLines),
      ...(people ? [peopleLine(people)] : []),
    ],
    ok: isEveryAlertThere && people?.kind !== 'unreachable',
  };
}

function resultLine(result: CanaryResult): string {
  return result.ok
    ? `ok      ${result.source}: its alert arrived after ${result.seconds.toFixed(1)} s`
    : `FAILED  ${result.source}: ${result.reason}`;
}

function testAlertLine(result: CanaryResult): string {
  return result.ok
    ? `ok      a test alert was sent to every channel, through ${result.source}: ask its recipients`
    : `FAILED  the test alert, through ${result.source}: ${result.reason}`;
}

function topicLines({ name, listed }: CheckedTopic): string[] {
  const title = `channel ${name}`;
  if (!listed.ok) return [`FAILED  ${title}: its subscriptions can't be listed: ${listed.reason}`];
  if (listed.subscriptions.length === 0) return [`none    ${title}: no one is subscribed`];
  return listed.subscriptions.map(
    ({ state, protocol, endpoint }) =>
      `${state.padEnd(9)} ${title}: ${protocol} ${shownEndpoint(protocol, endpoint)}`,
  );
}

/** The path of a webhook's URL is often its secret. */
function shownEndpoint(protocol: string, endpoint: string): string {
  if (!protocol.startsWith('http')) return endpoint;
  return URL.canParse(endpoint) ? `${new URL(endpoint).origin}/…` : '…';
}

function peopleLine(people: PeopleCheck): string {
  switch (people.kind) {
    case 'reached':
      return 'ok      people: at least one subscription is confirmed';
    case 'json-only':
      return `WARNING people: ${people.reason}`;
    case 'unreachable':
      return `FAILED  people: ${people.reason}`;
  }
}
