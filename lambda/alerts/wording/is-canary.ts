import type { Finding } from '../../findings/finding.ts';
import { stringAt } from '../../json/read-json.ts';

const canary = 'csrwatch-canary';

/**
 * csrwatch's own test of its road, and no deed of anybody. Whatever a client sends, an API server writes one of its four
 * stages, and of a resource none but its own verbs: nobody's request passes for a test.
 */
export function isCanary({ event, verb, format }: Finding): boolean {
  return format === 'json' && verb === canary && stringAt(event, 'stage') === canary;
}
