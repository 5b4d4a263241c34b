import { type Severity, severities } from '../../../lambda/findings/finding.ts';
import type { Entry } from '../story-entry.ts';
import type { PageReport } from './page-report.ts';

export const markKinds = ['requested', 'decided', 'issued', 'used', 'other'] as const;
export type MarkKind = (typeof markKinds)[number];

/** One or more events that are drawn at the same place. */
export interface Mark {
  /** In percent of the width. */
  readonly x: number;
  readonly kind: MarkKind;
  /** `undefined` without a finding. */
  readonly severity: Severity | undefined;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
  /** What happened, of the first. */
  readonly text: string;
  /** The number of its story; `undefined` if it has none. */
  readonly story: number | undefined;
}

/** What one actor did. */
export interface Lane {
  readonly who: string;
  readonly marks: readonly Mark[];
  readonly findings: number;
  readonly worst: Severity | undefined;
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface Activity {
  readonly fromMs: number;
  readonly toMs: number;
  readonly lanes: readonly Lane[];
  /** Actors that have no lane. */
  readonly otherActors: number;
}

interface Drawn {
  readonly entry: Entry;
  readonly kind: MarkKind;
  readonly timeMs: number;
  readonly story: number | undefined;
}

const maxLanes = 20;
/** Marks closer than their width are one. */
const places = 100;

/** The events of the page by actor and time: the worst actors first. `undefined` if no event has a time. */
export function activityOf({ stories, useFindings }: PageReport): Activity | undefined {
  const drawn = [
    ...stories.flatMap(({ entries }, story) => entries.map((entry) => drawnOf(entry, kindOf(entry), story))),
    ...[...useFindings.values()].flat().map((entry) => drawnOf(entry, 'used', undefined)),
  ].filter(({ timeMs }) => !Number.isNaN(timeMs));
  const [first] = drawn;
  if (first === undefined) return undefined;
  let [fromMs, toMs] = [first.timeMs, first.timeMs];
  for (const { timeMs } of drawn) {
    fromMs = Math.min(fromMs, timeMs);
    toMs = Math.max(toMs, timeMs);
  }
  // room for the marks at both ends
  const margin = Math.max((toMs - fromMs) * 0.02, 500);
  const range = { fromMs: fromMs - margin, toMs: toMs + margin };
  const byActor = Map.groupBy(drawn, ({ entry }) => entry.who);
  const lanes = [...byActor]
    .map(([who, events]) => laneOf(who, events, range))
    .sort((a, b) => rank(b.worst) - rank(a.worst) || b.findings - a.findings || a.firstMs - b.firstMs);
  return { ...range, lanes: lanes.slice(0, maxLanes), otherActors: Math.max(0, lanes.length - maxLanes) };
}

function drawnOf(entry: Entry, kind: MarkKind, story: number | undefined): Drawn {
  return { entry, kind, timeMs: Date.parse(entry.time ?? ''), story };
}

function kindOf({ action }: Entry): MarkKind {
  switch (action) {
    case 'requested':
    case 'issued':
      return action;
    case 'approved':
    case 'denied':
    case 'decided':
      return 'decided';
    default:
      return 'other';
  }
}

function laneOf(
  who: string,
  events: readonly Drawn[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Lane {
  const marks = new Map<string, Mark>();
  const ordered = events.toSorted((a, b) => a.timeMs - b.timeMs);
  for (const { entry, kind, timeMs, story } of ordered) {
    const place = Math.round(((timeMs - fromMs) / (toMs - fromMs)) * places);
    const severity = entry.isContext ? undefined : entry.severity;
    const key = `${place} ${kind} ${severity}`;
    const known = marks.get(key);
    const mark = {
      x: (place / places) * 100,
      kind,
      severity,
      firstMs: timeMs,
      count: 1,
      text: `${entry.action}${entry.mark === '' ? '' : ` (${entry.mark})`} ${entry.title}`,
      story,
      ...known,
      lastMs: timeMs,
    };
    marks.set(key, known ? { ...mark, count: known.count + 1 } : mark);
  }
  const found = ordered.filter(({ entry }) => !entry.isContext);
  const worst = Math.max(-1, ...[...marks.values()].map(({ severity }) => rank(severity)));
  return {
    who,
    // the worst are drawn last, above the others
    marks: [...marks.values()].sort((a, b) => rank(a.severity) - rank(b.severity)),
    findings: found.length,
    worst: severities[worst],
    firstMs: ordered[0]?.timeMs ?? fromMs,
    lastMs: ordered.at(-1)?.timeMs ?? toMs,
  };
}

function rank(severity: Severity | undefined): number {
  return severity === undefined ? -1 : severities.indexOf(severity);
}
