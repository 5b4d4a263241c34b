import { severities } from '../findings/finding.ts';
import { at, isObject, stringAt } from '../json/read-json.ts';
import type { RolledUp, Summary } from './storm-window.ts';

// JSON in the items of windows. A later version may have written it: what is not known is kept.

/** What was rolled up; `undefined` if it cannot be read, so that alerts are sent instead of rolled up. */
export function rolledUpIn(text: string | undefined): RolledUp | undefined {
  return asRolledUp(parsed(text));
}

/** @param key - of the window. @throws Error if the summary cannot be read */
export function summaryIn(text: string, key: string): Summary {
  const value = parsed(text);
  const rolledUp = asRolledUp(value);
  const scope = at(value, 'scope');
  const id = stringAt(scope, 'id');
  const ruleId = stringAt(scope, 'rule', 'id');
  const name = stringAt(scope, 'rule', 'name');
  if (!rolledUp || id === undefined || ruleId === undefined || name === undefined)
    throw new Error(`the summary of ${key} cannot be read`);
  const cluster = stringAt(scope, 'cluster') ?? null;
  return { ...rolledUp, scope: { ...Object(scope), id, rule: { id: ruleId, name }, cluster } };
}

/** The JSON of a summary from that of its two parts. */
export function joined(scope: string | undefined, rolledUp: string | undefined): string {
  return JSON.stringify({ scope: parsed(scope), ...Object(parsed(rolledUp)) });
}

function asRolledUp(value: unknown): RolledUp | undefined {
  const count = at(value, 'count');
  if (!isObject(value) || typeof count !== 'number' || !Number.isFinite(count)) return undefined;
  const text = stringAt(value, 'worst');
  return {
    ...value,
    count,
    // a severity that was added later
    worst: severities.find((severity) => severity === text) ?? 'critical',
    lastFindingId: stringAt(value, 'lastFindingId') ?? '',
    lastActor: stringAt(value, 'lastActor') ?? null,
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
