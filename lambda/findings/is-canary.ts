import { canaryName, testAlertName } from '../canary/canary-event.ts';
import { stringAt } from '../json/read-json.ts';
import type { EventFacts } from './finding.ts';

/**
 * csrwatch's own test event. No client can cause one: an API server writes only its own four stages, and only its own
 * verbs for requests of a resource.
 */
export function isCanary({ event, verb, format }: EventFacts): boolean {
  return format === 'json' && verb === canaryName && stringAt(event, 'stage') === canaryName;
}

/** A canary that is to reach the people of every channel, whatever the channel's minimum severity. */
export function isTestAlert(facts: EventFacts): boolean {
  return isCanary(facts) && stringAt(facts.event, 'objectRef', 'name') === testAlertName;
}
