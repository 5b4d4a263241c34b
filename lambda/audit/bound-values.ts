import { isObject } from '../json/read-json.ts';
import type { AuditEvent } from './audit-record.ts';

/** No field of the audit API is deeper; a patch's body, which is logged as it was sent, can be. */
const maxLevels = 100;
const cut = `nested deeper than ${maxLevels} levels`;

/**
 * Replaces values that are nested so deeply that reading or writing them would overflow the stack by a text. An event
 * that is not so deep is returned unchanged.
 */
export function bounded(event: AuditEvent): AuditEvent {
  return isDeeper(event, maxLevels) ? pruned(event) : event;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const item of Object.values(value)) if (isDeeper(item, levels - 1)) return true;
  return false;
}

function pruned(event: AuditEvent): AuditEvent {
  return Object.fromEntries(
    Object.entries(event).map(([key, value]) => [key, prunedValue(value, maxLevels - 1)]),
  );
}

function prunedValue(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return cut;
  if (Array.isArray(value)) return value.map((item) => prunedValue(item, levels - 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, prunedValue(item, levels - 1)]));
}
