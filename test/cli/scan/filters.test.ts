import { describe, expect, test } from 'vitest';
import { parseCall } from '../../../cli/scan/scan-call.ts';
import { timeOption } from '../../../cli/time-option.ts';
import { runScan } from '../../run-command.ts';

const log = 'samples/eks.ndjson.gz';
const nowMs = Date.parse('2026-11-24T00:00:00Z');

interface Found {
  readonly id: string;
  readonly severity: string;
  readonly time: string;
  readonly actor: { readonly name: string; readonly extra: { readonly accessKeyId?: readonly string[] } };
  readonly request: { readonly name?: string };
  readonly certificate?: { readonly sha256: string };
}

function found(...args: string[]): Found[] {
  const { stdout, stderr } = runScan(['--format', 'json', ...args, log]);
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout).findings;
}

const ids = (findings: readonly Found[]) => findings.map(({ id }) => id);

describe('a time', () => {
  test.each([
    ['2026-11-23', '2026-11-23T00:00:00Z'],
    ['2026-11-23T21:55:49.5Z', '2026-11-23T21:55:49.5Z'],
    ['2026-11-23T21:55+02:00', '2026-11-23T19:55:00Z'],
    ['2h', '2026-11-23T22:00:00Z'],
    ['7d', '2026-11-17T00:00:00Z'],
  ])('%s is %s', (text, time) => {
    expect(timeOption(text, nowMs)).toBe(Date.parse(time));
  });

  test.each(['', '7', 'd', 'yesterday', '2026-13-01', '2026-11-23T21:55', '-2h', '2 h'])(
    '%j is none',
    (text) => {
      expect(timeOption(text, nowMs)).toBeUndefined();
    },
  );
});

describe('the findings of the rules are narrowed by', () => {
  const all = found();
  const [middle] = all
    .map(({ time }) => time)
    .sort()
    .slice(8);
  const issued = all.find(({ certificate }) => certificate)?.certificate?.sha256 ?? '';
  const only = (matches: (finding: Found) => boolean) => ids(all.filter(matches));

  test('the window', () => {
    const since = only(({ time }) => time >= (middle ?? ''));
    const until = only(({ time }) => time < (middle ?? ''));
    // the log has microseconds, JavaScript's clock has milliseconds
    expect(ids(found('--since', middle ?? ''))).toEqual(expect.arrayContaining(since));
    expect(ids(found('--until', middle ?? '')).every((id) => until.includes(id))).toBe(true);
    expect(since.length * until.length).toBeGreaterThan(0);
  });

  test('the severity', () => {
    expect(ids(found('--min-severity', 'high'))).toEqual(
      only(({ severity }) => severity === 'high' || severity === 'critical'),
    );
  });

  test('the actor, by user name or IAM identity', () => {
    const checkout = 'system:serviceaccount:payments:checkout';
    expect(ids(found('--actor', checkout))).toEqual(only(({ actor }) => actor.name === checkout));
    expect(ids(found('--actor', 'ASIAIOSFODNN7EXAMPLE'))).toEqual(
      only(({ actor }) => actor.extra.accessKeyId?.includes('ASIAIOSFODNN7EXAMPLE') === true),
    );
    expect(found('--actor', 'checkout')).toEqual([]);
  });

  test('the CSR', () => {
    expect(ids(found('--csr', 'web-tls'))).toEqual(only(({ request }) => request.name === 'web-tls'));
  });

  test('the certificate', () => {
    expect(ids(found('--certificate', `X509SHA256=${issued.toUpperCase()}`))).toEqual(
      only(({ certificate }) => certificate?.sha256 === issued),
    );
  });

  test('all of them together, and --query too', () => {
    expect(
      found('--csr', 'web-tls', '--min-severity', 'critical', '--actor', 'kubernetes-admin-setup'),
    ).toEqual([]);
    const queried = found('--query', 'kubernetes.audit.verb:create', '--csr', 'web-tls');
    expect(queried.map(({ request }) => request.name)).toEqual(['web-tls']);
  });
});

test.each([
  [['--since', 'soon'], '--since soon: expected a date such as 2026-01-31, '],
  [['--since', '2h', '--until', '3h'], '--since 2h is not before --until 3h: no event can match'],
  [['--min-severity', 'severe'], '--min-severity severe: expected low, medium, high, critical'],
  [['--certificate', 'abc'], '--certificate abc: expected a SHA-256 fingerprint, 64 hexadecimal digits'],
  [['--sort', 'name'], '--sort name: expected severity or time'],
  [['--summary', '--format', 'csv'], '--summary is for --format text and markdown'],
  [['--sort', 'time', '--format', 'json'], '--sort time is for --format text and markdown'],
  [['--query', 'a:b', '--only', 'x'], '--query replaces the rules'],
])('%j is refused with the reason', (args, reason) => {
  expect(parseCall(args, nowMs)).toEqual({ kind: 'usage-error', message: expect.stringContaining(reason) });
});

describe('a story that passes the filter', () => {
  test('is complete: what the filter leaves out is dimmed, with its signals', () => {
    const { stdout } = runScan([
      '--certificate',
      found().find(({ certificate }) => certificate)?.certificate?.sha256 ?? '',
      log,
    ]);
    expect(stdout).toContain('CSR web-tls: requested → approved → issued → ');
    expect(stdout).toContain('(api-server-name)');
  });
});

describe('the timeline of an actor', () => {
  const { stdout } = runScan(['--actor', 'system:serviceaccount:payments:checkout', log]);
  const timeline = stdout.slice(stdout.indexOf('Timeline of actor'));

  test('has one line per request, in sessions, with what is sensitive, and the rules that match', () => {
    expect(timeline).toMatch(
      /^Timeline of actor system:serviceaccount:payments:checkout: \d+ requests in \d+ sessions?\n/,
    );
    expect(timeline).toMatch(
      /^system:serviceaccount:payments:checkout from 198\.51\.100\.77 with curl\/8\.5\.0$/m,
    );
    expect(timeline).toMatch(
      / create certificatesigningrequests backup-agent 201 ! CSR rule kubernetes-csr-created-or-approved$/m,
    );
    expect(timeline).toMatch(/^Rules: .*kubernetes-csr-deleted \(1\)/m);
  });

  test('is also that of a query, whose other events are no stories', () => {
    const queried = runScan(['--query', 'user.name:"system:serviceaccount:payments:checkout"', log]).stdout;
    expect(queried).toContain('Timeline of the events that match the query: ');
    expect(queried.match(/^LOW .*$/gm)?.every((line) => line.startsWith('LOW       CSR'))).not.toBe(false);
  });
});
