import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { columnsOf } from '../../../cli/report/columns.ts';
import { noCoverage } from '../../../cli/report/coverage.ts';
import { createReporter } from '../../../cli/report/create-reporter.ts';
import type { Paper } from '../../../cli/report/paper.ts';
import type { PeopleOptions } from '../../../cli/report/people-reporter.ts';
import type { ReportItem } from '../../../cli/report/report-item.ts';
import { emptyStats } from '../../../cli/report/scan-stats.ts';
import type { Finding } from '../../../lambda/findings/finding.ts';
import { finding, rule, wholeStory } from './made-up.ts';

const plain = { color: false, width: 80 };

const options: PeopleOptions = {
  sort: 'severity',
  summaryOnly: false,
  timelineOf: undefined,
  onlyCsrStories: false,
};

/** The whole report, overview included. */
async function reported(items: readonly ReportItem[], paper: Paper, changes: Partial<PeopleOptions> = {}) {
  let text = '';
  const print = async (more: string) => {
    text += more;
  };
  const reporter = await createReporter('text', print, paper, { ...options, ...changes });
  for (const item of items) await reporter.item(item);
  await reporter.end(emptyStats(), noCoverage);
  return text;
}

const items = (findings: readonly Finding[]) =>
  findings.map((finding) => ({ kind: 'finding', finding }) as const);

/** The stories without the overview. */
async function printed(findings: readonly Finding[], paper: Paper = plain, maxRequests?: number) {
  const text = await reported(items(findings), paper, maxRequests === undefined ? {} : { maxRequests });
  return text.replace(/^(\u001b\[2m)?Findings .*?\n\n/s, '');
}

const titles = (text: string) => text.split('\n').filter((line) => /^(LOW|MEDIUM|HIGH|CRITICAL) /.test(line));

describe('the story of a CSR', () => {
  test('is printed as one, from its request to its certificate, with all that is known', async () => {
    expect(await printed(wholeStory)).toBe(`\
CRITICAL  CSR backup: requested → approved → issued
  Requester   mallory
  Subject     CN=system:kube-controller-manager, O=system:masters, O=dev
  DNS names   kubernetes.default.svc
  IP names    10.96.0.1
  Key         RSA, 1024 bits
  Signer      kubernetes.io/kube-apiserver-client
  Usages      "client auth"
  Lifetime    requested: 24 hours
  Serial      7a01
  Valid       2026-11-23 21:51:10 UTC to 2027-11-23 21:51:10 UTC
  SHA-256     ${'ab'.repeat(32)}
  Later use   npx csrwatch scan --certificate ${'ab'.repeat(32)} FILE
  To end it   Kubernetes cannot revoke it: remove the permissions of its user
              and groups; only rotating the cluster's CA ends it before it
              expires
  2026-11-23 21:55:48Z  requested (201) by mallory from 203.0.113.7
                        with curl/8.5.0
                        ! The request asks for the name of the controller
                          manager, which may read every secret of the cluster.
                          (privileged-subject)
                        ! The key is RSA of 1024 bits. (weak-key)
                        rule rule-a at audit.log, line 7
             21:55:49Z  approved (200) by mallory from 203.0.113.7
                        with curl/8.5.0
                        ! Whoever asked approved it. (self-approval)
                        rule rule-a at audit.log, line 9
  2026-11-24 00:00:01Z  issued (200) by system:kube-controller-manager
                        with kube-controller-manager
                        rule rule-b at audit.log, line 7
`);
  });

  test("of csrwatch's own test says that nothing happened, and gives no reason to look", async () => {
    const canary = 'csrwatch-canary';
    const text = await printed([
      finding({
        severity: 'low',
        phase: 'modified',
        outcome: 'unknown',
        verb: canary,
        event: { stage: canary },
        signals: [{ id: 'body-missing', sentence: 'The log holds no body.' }],
      }),
    ]);
    expect(titles(text)).toEqual(['LOW       CSR backup: test, nothing happened']);
    expect(text).not.toContain('!');
  });

  test('names a reason once, at the first event that it holds for', async () => {
    const weak = { id: 'weak-key', sentence: 'The key is RSA of 1024 bits.' };
    const weaker = { ...weak, sentence: 'The key is RSA of 512 bits.' };
    const text = await printed([
      finding({ signals: [weak] }),
      finding({ eventDigest: 'e2', phase: 'approved', signals: [weak, weaker] }),
    ]);
    expect(text.match(/RSA of \d+/g)).toEqual(['RSA of 1024', 'RSA of 512']);
  });

  test('is printed in the order of time, whatever the order of the log', async () => {
    expect(await printed(wholeStory.toReversed())).toContain('CSR backup: requested → approved → issued\n');
  });

  test('is apart from that of another cluster, and of another request of the same name', async () => {
    const again = { ...finding().request, uid: 'u-2' };
    const text = await printed([
      finding(),
      finding({ eventDigest: 'e2', cluster: 'prod' }),
      finding({ eventDigest: 'e3', request: again }),
      // a deletion names no uid: it is of the request that bears the name now
      finding({ eventDigest: 'e4', phase: 'deleted', request: { name: 'backup' } }),
      finding({ eventDigest: 'e5', phase: 'approved', request: finding().request }),
    ]);
    expect(titles(text)).toEqual([
      'HIGH      CSR backup: requested → approved',
      'HIGH      CSR backup: requested in prod',
      'HIGH      CSR backup: requested → deleted',
    ]);
  });

  test('says what one event says otherwise than the others at that event', async () => {
    const other = { ...finding().request, signerName: 'example.com/other' };
    const text = await printed([
      finding(),
      finding({ eventDigest: 'e2', outcome: 'refused', responseCode: 409, request: other }),
    ]);
    expect(text).toContain('CSR backup: requested → requested (refused)\n');
    expect(text).toContain('  Signer      kubernetes.io/kube-apiserver-client\n');
    expect(text).toContain(`${' '.repeat(24)}Signer example.com/other\n`);
  });

  test('has a title of bounded length', async () => {
    const phases = ['modified', 'approved', 'denied'] as const;
    const many = Array.from({ length: 99 }, (_, index) =>
      finding({ eventDigest: `e${index}`, phase: phases[index % 3] ?? 'modified' }),
    );
    expect(titles(await printed(many, { ...plain, width: 200 }))[0]?.length).toBeLessThan(120);
  });
});

describe('one event', () => {
  test('that several rules match is one entry, as bad as the worst, and names them', async () => {
    const worse = finding({ rule: rule('rule-b'), severity: 'critical' });
    const text = await printed([finding({ severity: 'medium' }), worse, worse]);
    expect(titles(text)).toEqual(['CRITICAL  CSR backup: requested']);
    expect(text).toContain('rule rule-a, rule-b at audit.log, line 7\n');
  });

  test('that is in the log twice names both places', async () => {
    const place = { origin: { kind: 'file', path: 'audit.log' }, line: 8 } as const;
    expect(await printed([finding(), finding({ place })])).toContain(
      'at audit.log, line 7; audit.log, line 8\n',
    );
  });

  test('on something else than a CSR says what was done to what', async () => {
    const exec = finding({
      resource: 'pods',
      subresource: 'exec',
      request: { name: 'web-0' },
      event: { objectRef: { namespace: 'shop' } },
    });
    expect(titles(await printed([exec]))).toEqual(['HIGH      pods/exec shop/web-0: create']);
  });

  test('of the legacy format says what it lacks', async () => {
    const text = await printed([finding({ format: 'legacy' })], { ...plain, width: 200 });
    expect(text).toContain('read from a line of the legacy format: no body, no decision\n');
  });
});

describe('the layout', () => {
  const wide = '証明書の管理者🚀'.repeat(12);
  const hostile = '\u001b[2J\u202e\u200b\r\nHIGH      CSR fake: issued';
  const awkward = finding({
    eventDigest: 'e9',
    time: 'yesterday',
    outcome: 'unknown',
    cluster: wide,
    request: { name: hostile, uid: 'u-9', requester: wide, parseError: 'x'.repeat(2_000), usages: [hostile] },
    actor: {
      name: `${'x'.repeat(5_000)}`,
      groups: [hostile, wide],
      extra: { arn: ['arn:aws:sts::111122223333:assumed-role/PlatformAdmin/alice'] },
      sourceIPs: [hostile],
      userAgent: wide,
      impersonated: { name: wide, groups: [] },
    },
    signals: [{ id: 's', sentence: `It is ${wide} ${hostile}` }],
    place: { origin: { kind: 'file', path: hostile } },
  });

  const oneWord = /^(?: *|[A-Z]+ +| {2}[\w-]+ +)\S+$/;

  test.each([40, 80, 200])(
    'only a line of a single word is wider than %i columns, and the command that is to be copied',
    async (width) => {
      const lines = (await printed([...wholeStory, awkward], { color: false, width })).split('\n');
      const tooWide = lines.filter((line) => columnsOf(line) > width && !line.startsWith('  Later use'));
      expect(tooWide.filter((line) => !oneWord.test(line))).toEqual([]);
    },
  );

  test('no word is split, and nothing is broken into lines if the output is no terminal', async () => {
    const narrow = await printed([awkward], { color: false, width: 40 });
    const piped = await printed([awkward], { color: false, width: Number.POSITIVE_INFINITY });
    const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');
    expect(words(narrow)).toEqual(words(piped));
    expect(piped.split('\n').length).toBeLessThan(20);
  });

  test('no name can write a line, a color or a direction of its own', async () => {
    const text = await printed([awkward]);
    expect(text).not.toMatch(/[^\P{C}\n]/u);
    expect(titles(text)).toHaveLength(1);
  });

  test('colors change nothing but the color, and every one is ended', async () => {
    const colored = await printed([...wholeStory, awkward], { color: true, width: 80 });
    expect(colored).toContain('\u001b[1m\u001b[31mCRITICAL');
    expect(stripVTControlCharacters(colored)).toBe(await printed([...wholeStory, awkward]));
    for (const line of colored.split('\n')) {
      const codes = [...line.matchAll(/\u001b\[(\d+)m/g)].map(([, code]) => Number(code));
      const begun = codes.filter((code) => code < 10 || (code >= 30 && code < 39));
      expect(codes.length).toBe(2 * begun.length);
    }
  });
});

test('of more events than are kept the first are printed, and each event still once', async () => {
  const many = Array.from({ length: 7 }, (_, index) => {
    const event = { auditID: `a-${index}` };
    const one = finding({ event, eventDigest: `e${index}`, request: { name: `csr-${index}` } });
    return [one, { ...one, rule: rule('rule-b') }];
  }).flat();
  const text = await printed(many, plain, 3);
  expect(titles(text)).toEqual(
    Array.from({ length: 7 }, (_, index) => `HIGH      CSR csr-${index}: requested`),
  );
  expect(text.match(/rule rule-a, rule-b/g)).toHaveLength(7);
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    'More than 3 requests have a finding, so the stories are in parts',
  );
});

describe('the events without a finding', () => {
  const about = { ...finding(), outcome: 'succeeded' } as const;
  const record = (changes: object): ReportItem => ({
    kind: 'csr-event',
    ruleIds: [],
    record: {
      event: {
        auditID: 'a-9',
        stage: 'ResponseComplete',
        verb: 'update',
        requestReceivedTimestamp: '2026-11-23T21:55:49.100000Z',
        stageTimestamp: '2026-11-23T21:55:49.200000Z',
        user: { username: 'system:serviceaccount:kube-system:certificate-controller' },
        responseStatus: { code: 200 },
        objectRef: {
          resource: 'certificatesigningrequests',
          apiGroup: 'certificates.k8s.io',
          name: 'backup',
          subresource: 'approval',
        },
        ...changes,
      },
      format: 'json',
      cluster: null,
      place: { origin: { kind: 'file', path: 'audit.log' } },
    },
  });
  const read = (id: string) =>
    record({
      auditID: id,
      verb: 'get',
      objectRef: { resource: 'certificatesigningrequests', name: 'backup' },
    });

  test('complete the story of their CSR, dimmed', async () => {
    const all = [record({}), { kind: 'finding', finding: finding() } as const];
    const text = await reported(all, { color: true, width: Number.POSITIVE_INFINITY });
    expect(stripVTControlCharacters(text)).toContain('CSR backup: requested → decided\n');
    expect(text).toContain(
      '\u001b[2mdecided (200) by system:serviceaccount:kube-system:certificate-controller\u001b[22m',
    );
    expect(stripVTControlCharacters(text)).toContain('no finding at audit.log\n');
  });

  test('of other CSRs are not shown', async () => {
    const other = { resource: 'certificatesigningrequests', name: 'other' };
    const text = await reported([...items([finding()]), record({ objectRef: other })], plain);
    expect(text).not.toContain('no finding');
  });

  test('that repeat are one line', async () => {
    const text = await reported([...items([finding()]), read('r1'), read('r2'), read('r3')], plain);
    expect(text.match(/get \(200\) ×3/g)).toHaveLength(1);
    expect(text).toContain('CSR backup: requested\n');
  });

  test('that begin and end one request are one line, with the answer', async () => {
    const received = record({ stage: 'RequestReceived', responseStatus: undefined });
    for (const stages of [
      [received, record({})],
      [record({}), received],
    ]) {
      const text = await reported([...items([about]), ...stages], plain);
      expect(text.match(/no finding/g)).toHaveLength(1);
      expect(text).toContain('decided (200)');
    }
  });

  test('that reuse the audit id of a request, but not its time, are lines of their own', async () => {
    const forged = record({
      requestReceivedTimestamp: '2026-11-23T21:55:49.100001Z',
      stage: 'RequestReceived',
      responseStatus: undefined,
    });
    const text = await reported([...items([about]), record({}), forged], plain);
    expect(text.match(/no finding/g)).toHaveLength(2);
  });
});

describe('of more events without a finding than are kept', () => {
  const read = (name: string, id: number): ReportItem => ({
    kind: 'csr-event',
    ruleIds: [],
    record: {
      event: {
        auditID: `${name}-${id}`,
        verb: 'get',
        user: { username: 'someone' },
        objectRef: { resource: 'certificatesigningrequests', name },
      },
      format: 'json',
      cluster: null,
      place: { origin: { kind: 'file', path: 'audit.log' } },
    },
  });
  const reads = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => read(name, index));
  const lacking = 'This story lacks events without a finding';
  const of = (name: string) => finding({ eventDigest: name, event: { auditID: name }, request: { name } });
  const wide = { color: false, width: Number.POSITIVE_INFINITY };

  test('the oldest are dropped, and exactly the stories that lack them state so', async () => {
    const log = [...reads('backup', 3), ...reads('other', 20), ...reads('late', 3)];
    const found = items([of('backup'), of('late')]);
    const text = await reported([...log, ...found], wide, { maxCsrEventBytes: 2_000 });
    const [, backup = '', late = ''] = text.split(/^HIGH/m);
    expect(backup).toContain(
      `${lacking}, because the log has more of them than are kept: scan again with --csr NAME.\n`,
    );
    expect(late).toContain('×3 by someone');
    expect(late).not.toContain(lacking);
  });

  test('a scan of one CSR keeps its events', async () => {
    const log = [...reads('backup', 3), ...reads('other', 20), ...items([of('backup')])];
    const text = await reported(log, wide, { maxCsrEventBytes: 2_000, csr: 'backup' });
    expect(text).toContain('×3 by someone');
    expect(text).not.toContain(lacking);
  });

  test('those that a later finding needs survive stories that are printed early', async () => {
    const log = [...items([of('first')]), ...reads('backup', 3), ...items([of('second'), of('backup')])];
    const text = await reported(log, wide, { maxRequests: 1 });
    expect(text).toContain('×3 by someone');
  });
});

describe('the order of stories', () => {
  const story = (name: string, severity: 'high' | 'critical', time: string) =>
    finding({ eventDigest: name, request: { name }, severity, time });
  const three = items([
    story('late', 'high', '2026-11-23T21:55:03Z'),
    story('early', 'high', '2026-11-23T21:55:01.5Z'),
    story('worst', 'critical', '2026-11-23T21:55:02Z'),
  ]);
  const names = (text: string) => titles(text).map((line) => /CSR (\w+)/.exec(line)?.[1]);

  test('is by severity, then time', async () => {
    expect(names(await reported(three, plain))).toEqual(['worst', 'early', 'late']);
  });

  test('is by time if asked for', async () => {
    expect(names(await reported(three, plain, { sort: 'time' }))).toEqual(['early', 'worst', 'late']);
  });
});

describe('the overview', () => {
  test('counts each event once, and names copies', async () => {
    const copied = finding({
      id: 'f2',
      eventDigest: 'e2',
      severity: 'critical',
      actor: { ...finding().actor, name: 'eve' },
    });
    const text = await reported(items([finding(), copied, copied]), plain, { summaryOnly: true });
    expect(text).toContain('Findings      3, 1 of them from copies of an event in the logs\n');
    expect(text).toContain('Severity      1 critical, 1 high\n');
    expect(text).toContain('Actors        mallory (1)\n              eve (1)\n');
    expect(titles(text)).toEqual([]);
  });

  test('lists the issued certificates', async () => {
    const text = await reported(items(wholeStory), plain, { summaryOnly: true });
    expect(text).toMatch(
      /^Certificates {2}CN=system:kube-controller-manager, O=system:masters, O=dev, a\n +login, valid until 2027-11-23T21:51:10Z, SHA-256\n +(ab){32}$/m,
    );
  });
});

test('a signal that repeats is explained once, but one that raises the severity each time', async () => {
  const signals = [
    { id: 'weak-key', sentence: 'The key is RSA of 1024 bits.' },
    { id: 'self-approval', sentence: 'Whoever asked approved it.', raisesTo: 'critical' },
  ] as const;
  const text = await printed([
    finding({ signals }),
    finding({ eventDigest: 'e2', request: { name: 'second' }, signals }),
  ]);
  expect(text.match(/The key is/g)).toHaveLength(1);
  expect(text.match(/Whoever asked/g)).toHaveLength(2);
  expect(text).toContain('! explained above: weak-key\n');
});
