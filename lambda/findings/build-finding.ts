import type { AuditRecord } from '../audit/audit-record.ts';
import { numberAt, stringAt } from '../json/read-json.ts';
import { actorOf, requestOf } from './actor-and-request.ts';
import type { EventFacts, Finding, RuleInfo } from './finding.ts';
import { eventDigest, findingId } from './finding-id.ts';
import { isTestAlert } from './is-canary.ts';
import { outcomeOf, phaseOf } from './phase.ts';
import { readEncoded } from './read-request.ts';
import { signalsOf } from './signals/all-signals.ts';

/** The risk score of a finding that a signal raises to critical. */
const criticalRiskScore = 99;

/** What it means that a rule matched an event. Never throws, whatever the event contains. */
export async function buildFinding(record: AuditRecord, rule: RuleInfo): Promise<Finding> {
  return findingOf(await factsOf(record), rule);
}

/** Reads an event once for all rules that matched it. Never throws, whatever the event contains. */
export async function factsOf(record: AuditRecord): Promise<EventFacts> {
  const { event, format, cluster, place, pod } = record;
  const time = stringAt(event, 'stageTimestamp') ?? stringAt(event, 'requestReceivedTimestamp');
  const verb = stringAt(event, 'verb');
  const resource = stringAt(event, 'objectRef', 'resource');
  const subresource = stringAt(event, 'objectRef', 'subresource');
  const responseCode = numberAt(event, 'responseStatus', 'code');
  const phase = phaseOf(event);
  const reading = await readEncoded(event, phase);
  const { subject, key, parseError } = reading.request;
  const facts: EventFacts = {
    eventDigest: eventDigest(record),
    phase,
    outcome: outcomeOf(event),
    cluster,
    ...(time === undefined ? {} : { time }),
    ...(verb === undefined ? {} : { verb }),
    ...(resource === undefined ? {} : { resource }),
    ...(subresource === undefined ? {} : { subresource }),
    ...(responseCode === undefined ? {} : { responseCode }),
    actor: actorOf(event),
    request: {
      ...requestOf(event),
      ...(subject === undefined ? {} : { subject }),
      ...(key === undefined ? {} : { key }),
      ...(parseError === undefined ? {} : { parseError }),
    },
    ...(reading.certificate === undefined ? {} : { certificate: reading.certificate }),
    signals: [],
    format,
    place,
    ...(pod === undefined ? {} : { pod }),
    event,
  };
  return { ...facts, signals: signalsOf(facts, reading) };
}

/** The finding of one rule. Signals can raise it above the rule's severity; nothing lowers it. */
export function findingOf(facts: EventFacts, rule: RuleInfo): Finding {
  const isRaised = isTestAlert(facts) || facts.signals.some(({ raisesTo }) => raisesTo === 'critical');
  return {
    id: findingId(rule.id, facts.eventDigest),
    rule,
    severity: isRaised ? 'critical' : rule.severity,
    riskScore: isRaised ? Math.max(criticalRiskScore, rule.riskScore) : rule.riskScore,
    ...facts,
  };
}
