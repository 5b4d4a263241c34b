import type { AuditRecord } from '../audit/event.ts';
import { numberAt, stringAt } from '../audit/read.ts';
import type { Finding, RuleInfo } from './finding.ts';
import { eventDigest, findingId } from './identity.ts';
import { outcomeOf, phaseOf } from './phase.ts';
import { actorOf, requestOf } from './request.ts';

/** What it means that a rule matched an event. Never throws, whatever the event holds. */
export async function describe(record: AuditRecord, rule: RuleInfo): Promise<Finding> {
  const { event, format, cluster, place } = record;
  const digest = eventDigest(record);
  const time = stringAt(event, 'stageTimestamp') ?? stringAt(event, 'requestReceivedTimestamp');
  const verb = stringAt(event, 'verb');
  const resource = stringAt(event, 'objectRef', 'resource');
  const subresource = stringAt(event, 'objectRef', 'subresource');
  const responseCode = numberAt(event, 'responseStatus', 'code');
  return {
    id: findingId(rule.id, digest),
    eventDigest: digest,
    rule,
    severity: rule.severity,
    riskScore: rule.riskScore,
    phase: phaseOf(event),
    outcome: outcomeOf(event),
    cluster,
    ...(time === undefined ? {} : { time }),
    ...(verb === undefined ? {} : { verb }),
    ...(resource === undefined ? {} : { resource }),
    ...(subresource === undefined ? {} : { subresource }),
    ...(responseCode === undefined ? {} : { responseCode }),
    actor: actorOf(event),
    request: requestOf(event),
    signals: [],
    format,
    place,
    event,
  };
}
