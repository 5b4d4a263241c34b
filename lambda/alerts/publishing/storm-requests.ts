import type { Admission, AlertRequest } from '../../dedup/admit-alerts.ts';
import { concurrently } from '../../dedup/concurrently.ts';
import type { Deduplication } from '../../dedup/deduplication.ts';
import type { RolledUp } from '../../dedup/storm-window.ts';
import { suspectOf } from '../../findings/certificate-use.ts';
import type { Finding } from '../../findings/finding.ts';
import { type Gravity, gravityText, parseGravity } from '../../findings/gravity.ts';
import { isCanary } from '../../findings/is-canary.ts';
import { type Burst, compareSeriousness, incidentId, stormIds } from '../burst.ts';

/** A name in the table; the whole name is in the event. */
const maxNameCharacters = 500;
const concurrentGroups = 8;

export interface AdmittedBurst {
  readonly burst: Burst;
  readonly request: AlertRequest;
  readonly admission: Admission;
}

/**
 * Decides for each burst whether people get its alert at once. Canaries are not part of storms.
 * @param channelKey - begins the keys of the channel's items
 */
export async function admitBursts(
  bursts: readonly Burst[],
  channelKey: string,
  dedup: Deduplication,
): Promise<AdmittedBurst[]> {
  const groups = new Map<string, { burst: Burst; request: AlertRequest }[]>();
  const seriousFirst = bursts
    .filter(({ lead }) => !isCanary(lead.leading))
    .sort((a, b) => compareSeriousness(b.lead.leading, a.lead.leading));
  for (const burst of seriousFirst) {
    const request = requestOf(burst, channelKey);
    const group = groups.get(request.groupKey);
    if (group) group.push({ burst, request });
    else groups.set(request.groupKey, [{ burst, request }]);
  }
  const admitted = await concurrently(concurrentGroups, [...groups.values()], async (group) => {
    const admissions = await dedup.admit(group.map(({ request }) => request));
    return group.map((one, index) => ({
      ...one,
      admission: admissions[index] ?? ({ kind: 'send', windows: [] } as const),
    }));
  });
  return admitted.flat();
}

/**
 * Rolls up uses of certificates by clients that were alerted before.
 * @returns the findings that were: the others are to be sent
 */
export async function rollUpBursts(
  bursts: readonly Burst[],
  channelKey: string,
  dedup: Deduplication,
): Promise<Finding[]> {
  const rolledUp = await concurrently(concurrentGroups, bursts, async (burst) => {
    const { kind } = await dedup.rollUp(requestOf(burst, channelKey, true));
    return kind === 'rolled up' ? burst.events.map(({ leading }) => leading) : [];
  });
  return rolledUp.flat();
}

function requestOf(burst: Burst, channelKey: string, isKnownClient = false): AlertRequest {
  const { leading } = burst.lead;
  const { actor, group } = stormIds(burst, isKnownClient);
  const as = leading.actor.impersonated?.name;
  const shared = {
    rule: { id: cut(leading.rule.id), name: cut(leading.rule.name) },
    cluster: leading.cluster === null ? null : cut(leading.cluster),
  };
  return {
    actorKey: `${channelKey}#storm#${actor}`,
    groupKey: `${channelKey}#storm#${group}`,
    scope: {
      id: incidentId(leading),
      ...shared,
      actor: { name: actorName(burst), ...(as ? { as: cut(as) } : {}) },
      ...(leading.issuance ? { uses: { certificate: leading.certificate?.sha256 ?? '' } } : {}),
    },
    groupScope: { id: group.slice(0, 12), ...shared, ...(leading.issuance ? { uses: {} } : {}) },
    gravities: distinctGravities(burst),
    events: rolledUp(burst),
  };
}

function distinctGravities({ events }: Burst): Gravity[] {
  return [...new Set(events.map(({ leading }) => gravityText(leading)))].flatMap(
    (text) => parseGravity(text) ?? [],
  );
}

function rolledUp(burst: Burst): RolledUp {
  const findings = burst.events.map(({ leading }) => leading);
  const times = findings
    .flatMap(({ time, uses }) => (uses ? [uses.first, uses.last] : [time]))
    .flatMap((time) => (time === undefined || Number.isNaN(Date.parse(time)) ? [] : [time]))
    .sort((a, b) => Date.parse(a) - Date.parse(b));
  const [firstTime, lastTime] = [times[0], times.at(-1)];
  return {
    count: findings.reduce((sum, { uses }) => sum + (uses?.count ?? 1), 0),
    ...(firstTime === undefined ? {} : { firstTime: cut(firstTime) }),
    ...(lastTime === undefined ? {} : { lastTime: cut(lastTime) }),
    worst: burst.lead.leading.severity,
    lastFindingId: findings.at(-1)?.id ?? '',
    lastActor: actorName(burst),
  };
}

function actorName({ lead }: Burst): string | null {
  const name = suspectOf(lead.leading);
  return name ? cut(name) : null;
}

function cut(text: string): string {
  return text.slice(0, maxNameCharacters);
}
