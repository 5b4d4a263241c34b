import type { AuditEvent } from './audit-record.ts';

/**
 * `<time> AUDIT: id="…" …`: `--audit-log-format=legacy`, or the API server's own log; a forwarder's time and words may
 * stand before it. Nothing else may: the text could be a client's.
 */
const line =
  /^(?:\d{4}-\d\d-\d\dT\S+\s+(?!AUDIT:)(?:\S+\s+){0,2})?(?<time>\d{4}-\d\d-\d\dT\S+) AUDIT: (?<fields>id=".*)$/s;
const field = /([a-z-]+)="((?:[^"\\]|\\.)*)"/gs;

/**
 * Reads a line of the legacy audit format as the audit event that it stands for. What the line doesn't
 * say (the decision, bodies, the API's version) stays absent: nothing is made up.
 * @returns `undefined` where the text is no such line.
 */
export function readLegacyLine(text: string): AuditEvent | undefined {
  const found = line.exec(text)?.groups;
  if (!found) return undefined;
  const values: Record<string, string> = {};
  for (const [, name = '', quoted = ''] of (found['fields'] ?? '').matchAll(field))
    values[name] ??= unquote(quoted);
  const { id, stage, ip, method, user, groups, as, asgroups, uri, response } = values;
  const agent = values['user-agent'];
  const impersonated = as !== undefined && as !== '<self>' && as !== '' ? as : undefined;
  return withoutAbsent({
    auditID: id,
    stage,
    requestURI: uri,
    verb: method,
    user: withoutAbsent({ username: told(user), groups: list(groups) }),
    impersonatedUser:
      impersonated === undefined
        ? undefined
        : withoutAbsent({ username: impersonated, groups: list(asgroups) }),
    sourceIPs: ip === undefined || ip === '' ? undefined : [ip],
    userAgent: agent,
    objectRef: uri === undefined ? undefined : objectRef(uri),
    responseStatus: response !== undefined && /^\d+$/.test(response) ? { code: Number(response) } : undefined,
    stageTimestamp: found['time'],
  });
}

function told(value: string | undefined): string | undefined {
  return value === '<none>' || value === '' ? undefined : value;
}

/** `"a","b"`, quoted once more inside the line. */
function list(value: string | undefined): string[] | undefined {
  if (value === undefined || value.startsWith('<')) return undefined;
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map(([, item = '']) => unquote(item));
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

/** `/apis/GROUP/VERSION[/namespaces/NS]/RESOURCE[/NAME[/SUBRESOURCE]]`, percent-encoded or not. */
function objectRef(uri: string): AuditEvent | undefined {
  const path = (uri.split('?')[0] ?? '')
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const [root, ...rest] = path;
  if (root !== 'api' && root !== 'apis') return undefined;
  const apiGroup = root === 'apis' ? rest.shift() : undefined;
  const apiVersion = rest.shift();
  const namespace = rest[0] === 'namespaces' && rest.length > 2 ? rest.splice(0, 2)[1] : undefined;
  const [resource, name, subresource] = rest;
  return withoutAbsent({ resource, namespace, name, apiGroup, apiVersion, subresource });
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function withoutAbsent(value: Record<string, unknown>): AuditEvent {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
