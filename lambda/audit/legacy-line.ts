import type { AuditEvent } from './audit-record.ts';
import { objectRefOfUri } from './request-uri.ts';

/**
 * Reads `<time> AUDIT: id="…" stage="…" …`, which kube-apiserver writes with `--audit-log-format=legacy`, and into its
 * own log when it cannot encode an event. A forwarder's time and up to two words may come before it. Nothing else may:
 * the text could be a client's.
 *
 * Every search here starts at a fixed offset or continues where the last one ended, so that the time is linear in the
 * length of the line.
 */
const marker = ' AUDIT: id="';
/** A line begins with two times and two words at most, none of them long. */
const maxPrefixCharacters = 512;
const beforeMarker = /^(?:\d{4}-\d\d-\d\dT\S+\s+(?:\S+\s+){0,2})?(\d{4}-\d\d-\d\dT\S+)$/;

/**
 * What the line lacks (the decision, bodies, the API's version) stays absent: nothing is made up.
 * @returns `undefined` if the text is no such line
 */
export function readLegacyLine(text: string): AuditEvent | undefined {
  const start = text.slice(0, maxPrefixCharacters + marker.length).indexOf(marker);
  if (start < 0) return undefined;
  const time = beforeMarker.exec(text.slice(0, start))?.[1];
  if (time === undefined) return undefined;
  const values = fieldsOf(text, start + marker.length - 'id="'.length);
  const value = (name: string) => values.get(name);
  const uri = value('uri');
  const impersonated = value('as') === '<self>' ? undefined : present(value('as'));
  const response = value('response');
  const ip = value('ip');
  return withoutAbsent({
    auditID: value('id'),
    stage: value('stage'),
    requestURI: uri,
    verb: value('method'),
    user: withoutAbsent({ username: present(value('user')), groups: groupsOf(value('groups')) }),
    impersonatedUser:
      impersonated === undefined
        ? undefined
        : withoutAbsent({ username: impersonated, groups: groupsOf(value('asgroups')) }),
    sourceIPs: ip === undefined || ip === '' ? undefined : [ip],
    userAgent: value('user-agent'),
    objectRef: uri === undefined ? undefined : objectRefOfUri(uri),
    responseStatus: response !== undefined && /^\d+$/.test(response) ? { code: Number(response) } : undefined,
    stageTimestamp: time,
  });
}

/** `name="Go-quoted value"` after each other; the first value of a name counts. */
function fieldsOf(text: string, from: number): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let at = from;
  for (;;) {
    const open = text.indexOf('="', at);
    if (open < 0) return fields;
    const name = /[a-z-]*$/.exec(text.slice(Math.max(at, open - 32), open))?.[0] ?? '';
    const end = quotedEnd(text, open + 2);
    if (end < 0) return fields;
    if (name !== '' && !fields.has(name)) fields.set(name, unquote(text.slice(open + 2, end)));
    at = end + 1;
  }
}

/** @returns the offset of the closing quotation mark; -1 if there is none */
function quotedEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '"') return at;
    if (text[at] === '\\') at += 1;
  }
  return -1;
}

function present(value: string | undefined): string | undefined {
  return value === '<none>' || value === '' ? undefined : value;
}

/** `"a","b"`, quoted again inside the line. */
function groupsOf(value: string | undefined): string[] | undefined {
  if (value === undefined || value.startsWith('<')) return undefined;
  const groups: string[] = [];
  for (let at = value.indexOf('"'); at >= 0; ) {
    const end = quotedEnd(value, at + 1);
    if (end < 0) break;
    groups.push(unquote(value.slice(at + 1, end)));
    at = value.indexOf('"', end + 1);
  }
  return groups;
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** Undoes Go's `%q`. */
function unquote(text: string): string {
  return text.replace(
    /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|(.))/gis,
    (_, byte, unit, point, plain) => {
      const hex: string | undefined = byte ?? unit ?? point;
      if (hex === undefined) return escapes[plain] ?? plain;
      const code = Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
    },
  );
}

function withoutAbsent(value: Record<string, unknown>): AuditEvent {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
