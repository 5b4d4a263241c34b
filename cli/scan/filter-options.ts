import { severities } from '../../lambda/findings/finding.ts';
import { readFingerprint } from '../fingerprint.ts';
import { timeOption } from '../time-option.ts';
import type { Filters } from './filters.ts';

type FilterFlag = 'since' | 'until' | 'min-severity' | 'actor' | 'csr' | 'certificate';

/** @returns the message of a usage error if it is a text */
export function filtersOf(
  values: { readonly [flag in FilterFlag]?: string },
  nowMs: number,
): Filters | string {
  const times: (number | undefined)[] = [];
  for (const flag of ['since', 'until'] as const) {
    const text = values[flag];
    const timeMs = text === undefined ? undefined : timeOption(text, nowMs);
    if (text !== undefined && timeMs === undefined) {
      return `--${flag} ${text}: expected a date such as 2026-01-31, a time such as 2026-01-31T08:00:00Z, or an age such as 2h or 7d`;
    }
    times.push(timeMs);
  }
  const [sinceMs, untilMs] = times;
  if (sinceMs !== undefined && untilMs !== undefined && sinceMs >= untilMs) {
    return `--since ${values.since} is not before --until ${values.until}: no event can match`;
  }
  const minSeverity = severities.find((known) => known === values['min-severity']);
  if (values['min-severity'] !== undefined && minSeverity === undefined) {
    return `--min-severity ${values['min-severity']}: expected ${severities.join(', ')}`;
  }
  const { actor, csr } = values;
  if (actor === '') return '--actor: the name is empty';
  if (csr === '') return '--csr: the name is empty';
  const read = values.certificate === undefined ? undefined : readFingerprint(values.certificate);
  if (read?.ok === false) return `--certificate ${values.certificate}: ${read.problem}`;
  return { sinceMs, untilMs, minSeverity, actor, csr, certificate: read?.fingerprint };
}
