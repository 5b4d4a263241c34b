import { compare, sortableTime } from '../../lambda/text/sortable-time.ts';
import type { RequestLine } from './request-line.ts';

/** What an actor did, by time: one line per request. */
export interface Timeline {
  add(line: RequestLine): void;
  readonly size: number;
  /** Requests that were not kept. */
  readonly dropped: number;
  sessions(): readonly Session[];
}

/** Requests of one user from one address with one client; a pause ends it. */
export interface Session {
  readonly who: string;
  readonly from: string;
  readonly userAgent: string;
  readonly lines: readonly FoldedLine[];
}

/** Equal requests that follow each other. */
export interface FoldedLine {
  readonly line: RequestLine;
  readonly times: number;
  /** Of the last of them. */
  readonly until: string | undefined;
}

const defaultMaxLines = 50_000;
const pauseMs = 30 * 60_000;

export function createTimeline(maxLines = defaultMaxLines): Timeline {
  const byRequest = new Map<string, RequestLine>();
  let dropped = 0;
  return {
    get size() {
      return byRequest.size;
    },
    get dropped() {
      return dropped;
    },
    add(line) {
      const known = byRequest.get(line.key);
      if (known === undefined && byRequest.size >= maxLines) dropped += 1;
      else byRequest.set(line.key, known ? together(known, line) : line);
    },
    sessions() {
      const ordered = [...byRequest.values()]
        .map((line) => ({ line, time: sortableTime(line.time) }))
        .sort((a, b) => compare(a.time, b.time));
      return sessionsOf(ordered.map(({ line }) => line));
    },
  };
}

/** Two stages of one request: the later one has the answer. */
function together(a: RequestLine, b: RequestLine): RequestLine {
  const answered = b.code === undefined ? a : b;
  return { ...answered, rules: [...new Set([...a.rules, ...b.rules])] };
}

/** In the order of their first requests. */
function sessionsOf(lines: readonly RequestLine[]): Session[] {
  const sessions: { who: string; from: string; userAgent: string; lines: FoldedLine[]; lastMs: number }[] =
    [];
  const open = new Map<string, (typeof sessions)[number]>();
  for (const line of lines) {
    const { who, from, userAgent } = line;
    const key = JSON.stringify([who, from, userAgent]);
    const timeMs = Date.parse(line.time ?? '');
    const last = open.get(key);
    const isPaused = last !== undefined && timeMs - last.lastMs > pauseMs;
    const session = last && !isPaused ? last : { who, from, userAgent, lines: [], lastMs: timeMs };
    if (session !== last) {
      sessions.push(session);
      open.set(key, session);
    }
    session.lastMs = timeMs;
    fold(session.lines, line);
  }
  return sessions;
}

function fold(lines: FoldedLine[], line: RequestLine): void {
  const last = lines.at(-1);
  if (last && sameText(last.line) === sameText(line)) {
    lines[lines.length - 1] = { line: last.line, times: last.times + 1, until: line.time };
  } else lines.push({ line, times: 1, until: line.time });
}

function sameText({ verb, object, code, rules }: RequestLine): string {
  return JSON.stringify([verb, object, code, rules]);
}

/** The rules that match the requests, with the number of requests. */
export function rulesTouched(sessions: readonly Session[]): [id: string, times: number][] {
  const counts = new Map<string, number>();
  for (const { line, times } of sessions.flatMap(({ lines }) => lines)) {
    for (const id of line.rules) counts.set(id, (counts.get(id) ?? 0) + times);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}
