import type { Finding } from '../findings/finding.ts';
import { stepsFor } from './response-steps.ts';
import type { Step } from './step.ts';

/**
 * The finding with what to do about it, which a ticket or a playbook needs as well. The finding is more important: if the
 * steps cannot be composed, it is returned without them.
 */
export function withSteps(finding: Finding): Finding & { readonly steps?: readonly Step[] } {
  try {
    return { ...finding, steps: stepsFor(finding) };
  } catch {
    return finding;
  }
}
