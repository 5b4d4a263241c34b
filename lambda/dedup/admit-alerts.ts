import { type Gravity, isCovered } from '../findings/gravity.ts';
import { concurrently } from './concurrently.ts';
import {
  mergedEvents,
  type RolledUp,
  type StormScope,
  type StormWindow,
  type WindowTable,
} from './storm-window.ts';

/** So many actors of a rule and cluster have alerts of their own in one window. Those of further actors are rolled up. */
export const maxActorAlerts = 5;
/** Attempts against other invocations that write the same window. */
const attempts = 8;
const maxPauseMs = 40;
const concurrentReads = 16;

/** An alert about events of one rule, cluster and actor that a channel may get. */
export interface AlertRequest {
  /** The key of the actor's window. */
  readonly actorKey: string;
  /** The key of the window of the rule and cluster. */
  readonly groupKey: string;
  readonly scope: StormScope;
  readonly groupScope: StormScope;
  readonly gravities: readonly Gravity[];
  /** What is added to a summary if the alert is rolled up. */
  readonly events: RolledUp;
}

/** `windows`: the keys of the windows that the alert was added to. */
export type Admission =
  | { readonly kind: 'send'; readonly windows: readonly string[] }
  | { readonly kind: 'rolled up' };

/**
 * Decides which alerts are sent at once: the first alert of a rule, cluster and actor, and any that is worse than what was
 * sent in the same storm. The others are rolled up. If many actors appear, so are the first alerts of further ones.
 * @param requests - of one rule, cluster and channel, the most serious first
 * @returns in the order of the requests
 */
export async function admitAlerts(
  windows: WindowTable,
  requests: readonly AlertRequest[],
): Promise<Admission[]> {
  const admissions = new Map<AlertRequest, Admission>();
  const found = await concurrently(
    concurrentReads,
    requests,
    async (request) => [request, await windows.read(request.actorKey)] as const,
  );
  await concurrently(concurrentReads, found, async ([request, window]) => {
    if (window) admissions.set(request, await admitKnownActor(windows, request, window));
  });
  const first = requests.filter((request) => !admissions.has(request));
  const [{ groupKey, groupScope } = { groupKey: '', groupScope: undefined }] = first;
  if (groupScope === undefined) return requests.map((request) => admissions.get(request) ?? sent([]));

  let group = await windows.read(groupKey);
  const further: AlertRequest[] = [];
  for (const request of first) {
    const { actorKey, gravities } = request;
    if (group && group.alerts >= maxActorAlerts && uncovered(gravities, group).length === 0) {
      further.push(request);
    } else if (await windows.open(actorKey, request.scope, gravities)) {
      if (group) await windows.addAlert(groupKey, group, gravities, false);
      else await windows.open(groupKey, groupScope, gravities);
      group = await windows.read(groupKey);
      admissions.set(request, sent([actorKey, groupKey]));
    } else {
      const opened = await windows.read(actorKey);
      admissions.set(request, opened ? await admitKnownActor(windows, request, opened) : sent([]));
    }
  }
  const [firstEvents, ...others] = further.map(({ events }) => events);
  if (firstEvents) {
    const all = await rollUp(windows, groupKey, others.reduce(mergedEvents, firstEvents));
    for (const request of further) admissions.set(request, all);
  }
  return requests.map((request) => admissions.get(request) ?? sent([]));
}

/**
 * Adds events about which people were alerted before to the next summary, whether or not their storm goes on.
 * @returns `send` if other invocations prevented that, or if nothing sends summaries
 */
export async function rollUpKnown(windows: WindowTable, request: AlertRequest): Promise<Admission> {
  const { actorKey, scope, gravities, events } = request;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const window = await windows.read(actorKey);
    if (window === undefined) await windows.open(actorKey, scope, gravities);
    else if (await windows.rollUp(actorKey, window, events)) return { kind: 'rolled up' };
    if (window !== undefined) await pause();
  }
  return sent([]);
}

function sent(windows: readonly string[]): Admission {
  return { kind: 'send', windows };
}

function uncovered(gravities: readonly Gravity[], window: StormWindow): Gravity[] {
  return gravities.filter((gravity) => !isCovered(gravity, window.gravities));
}

async function admitKnownActor(
  windows: WindowTable,
  { actorKey, gravities, events }: AlertRequest,
  read: StormWindow,
): Promise<Admission> {
  let window: StormWindow | undefined = read;
  for (let attempt = 0; window && attempt < attempts; attempt += 1) {
    const worse = uncovered(gravities, window);
    if (worse.length === 0) {
      if (await windows.rollUp(actorKey, window, events)) return { kind: 'rolled up' };
    } else if (await windows.addAlert(actorKey, window, worse, true)) {
      return sent([actorKey]);
    }
    await pause();
    window = await windows.read(actorKey);
  }
  return sent([]);
}

async function rollUp(windows: WindowTable, key: string, events: RolledUp): Promise<Admission> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const window = await windows.read(key);
    if (window === undefined) break;
    if (await windows.rollUp(key, window, events)) return { kind: 'rolled up' };
    await pause();
  }
  return sent([]);
}

/** Random, so that two invocations whose writes collided do not collide again. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * maxPauseMs));
}
