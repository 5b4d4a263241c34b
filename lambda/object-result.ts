import type { DeliveryCounts } from './embedded-metrics.ts';
import type { Finding } from './findings/finding.ts';

/** A finding in short: who did what, and where the event is. Texts are truncated to 200 characters. */
export interface ShortFinding {
  readonly id: string;
  readonly rule: string;
  readonly severity: string;
  readonly phase: string;
  readonly outcome: string;
  readonly cluster: string | null;
  readonly time?: string;
  readonly actor: string | null;
  readonly request?: string;
  /** Bytes from the start of the decompressed object. */
  readonly offset?: number;
}

/** The result of one object that a backfill asked for. Bytes are decompressed. */
export interface ObjectResult {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  readonly records: number;
  readonly events: number;
  readonly notAudit: number;
  /** Of these, records that may hold an event in a shape that is not read. */
  readonly suspicious: number;
  readonly rejected: number;
  readonly findings: number;
  /** The first hundred of `findings`. */
  readonly found: readonly ShortFinding[];
}

/** Step Functions limits a state's output to 256 KiB. */
export const listedFindings = 100;
const maxCharacters = 200;

export function objectResult(
  { bucket, key }: { readonly bucket: string; readonly key: string },
  { Bytes, Records, Events, NotAudit, Suspicious, Rejected, Findings }: DeliveryCounts,
  found: readonly ShortFinding[],
): ObjectResult {
  return {
    ...{ bucket, key },
    bytes: Bytes,
    records: Records,
    events: Events,
    notAudit: NotAudit,
    suspicious: Suspicious,
    rejected: Rejected,
    findings: Findings,
    found,
  };
}

export function shortFinding(finding: Finding): ShortFinding {
  const { id, rule, severity, phase, outcome, cluster, time, actor, request, place } = finding;
  return {
    ...{ id, rule: rule.id, severity, phase, outcome, cluster },
    ...(time === undefined ? {} : { time: time.slice(0, maxCharacters) }),
    actor: actor.name?.slice(0, maxCharacters) ?? null,
    ...(request.name === undefined ? {} : { request: request.name.slice(0, maxCharacters) }),
    ...(place.offset === undefined ? {} : { offset: place.offset }),
  };
}
