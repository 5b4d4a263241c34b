import { canaryName } from '../canary/canary-event.ts';
import { stringAt } from '../json/read-json.ts';
import type { Finding } from './finding.ts';

/**
 * csrwatch's own test event. No client can cause one: an API server writes only its own four stages, and only its own
 * verbs for requests of a resource.
 */
export function isCanary({ event, verb, format }: Finding): boolean {
  return format === 'json' && verb === canaryName && stringAt(event, 'stage') === canaryName;
}
