import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readRequest } from '../../lambda/findings/x509/read-certificate-request.ts';
import type { GoVerdict } from '../fixtures/requests/go-verdict.ts';
import { event } from '../scan/scan-text.ts';
import { differenceOf } from './compare-requests.ts';
import { loadCorpus } from './corpus.ts';
import { caseOf, type FuzzCase } from './draw-case.ts';
import type { FuzzRecord } from './draw-record.ts';
import { createFuzz } from './fuzz.ts';
import type { Found, Outcome } from './run-case.ts';
import { verdict } from './verdict.ts';

const json = JSON.stringify;
const corpus = await loadCorpus();

function record(token: string, changes: Partial<FuzzRecord> = {}): FuzzRecord {
  const bytes = changes.bytes ?? Buffer.from(json(event(token)));
  const base = {
    token,
    isMutated: false,
    isLong: false,
    isRest: false,
    matches: true,
    planted: [],
    note: '',
  };
  return { ...base, parts: [bytes], ...changes, bytes };
}
const lines = (records: readonly FuzzRecord[]): FuzzCase =>
  caseOf({ seed: 1, framing: 'lines', records, isSimple: true }, corpus);
const found = (auditID: string, changes: Partial<Found> = {}): Found => ({
  ...{ rule: 'r', auditID, isTruncated: false, hasReaderFailed: false },
  ...changes,
});
const outcome = (functionFound: readonly Found[], changes: Partial<Outcome> = {}): Outcome => ({
  ...{ isRefused: false, reasons: [], functionFound, reported: 0, scanReported: 0 },
  ...{ scanFound: undefined, scanFault: undefined, thrown: [], ...changes },
});

describe('of a case with two intact records', () => {
  const both = lines([record('a'), record('b')]);
  const all = [found('a'), found('b')];
  test.each<[string, FuzzCase, Outcome, string[]]>([
    ['both found', both, outcome(all), []],
    ['both found by function and scan', both, outcome(all, { scanFound: all }), []],
    ['one not found', both, outcome([found('a')]), ['the function lost the intact record 1']],
    [
      'only the beginning of one found',
      both,
      outcome([found('a'), found('b', { isTruncated: true })]),
      ['the function lost the intact record 1'],
    ],
    [
      'one not found by the scan',
      both,
      outcome(all, { scanFound: [found('b')] }),
      ['the scan lost the intact record 0', 'the function found r a, r b, the scan r b'],
    ],
    [
      'more found by the scan',
      both,
      outcome(all, { scanFound: [...all, found('c')] }),
      ['the function found r a, r b, the scan r a, r b, r c'],
    ],
    [
      'another rule in the scan',
      both,
      outcome(all, { scanFound: [found('a', { rule: 's' }), found('b')] }),
      ['the function found r a, r b, the scan r b, s a'],
    ],
    [
      'more cut events found by the scan',
      both,
      outcome(all, { scanFound: [...all, found('c', { isTruncated: true })] }),
      [],
    ],
    ['an exception', both, outcome(all, { thrown: ['the function threw'] }), ['the function threw']],
    ['a refused payload', both, outcome(all, { isRefused: true }), ['the function refused the payload']],
    [
      'an unexpected reason',
      both,
      outcome(all, { reasons: ['TypeError: x'] }),
      ['unexpected failure: TypeError: x', 'failed: TypeError: x'],
    ],
    [
      'a failing reader of requests',
      both,
      outcome([found('a', { hasReaderFailed: true }), found('b')]),
      ['the function: a reader of requests failed'],
    ],
    [
      'a finding that no rule should have',
      lines([record('a'), record('b', { matches: false })]),
      outcome(all),
      ['the function found record 1, which no rule matches'],
    ],
    [
      'a long record that nothing reports',
      lines([record('a'), record('b', { isLong: true, isMutated: true, matches: undefined })]),
      outcome([found('a')]),
      ['a record that is too long was not reported'],
    ],
    ['a lost input beside it', { ...both, neighbor: 'n' }, outcome(all), ['the input beside it was lost: n']],
  ])('the verdict is right: %s', (_, fuzzCase, result, faults) => {
    expect(verdict(fuzzCase, result)).toEqual(faults);
  });
});

describe('an intact event in a list with a malformed item', () => {
  const listOf = (first: string) =>
    caseOf(
      {
        ...{ seed: 1, framing: 'a list', isSimple: true },
        records: [
          record('m', { bytes: Buffer.from(first), isMutated: true, matches: undefined }),
          record('a'),
        ],
      },
      corpus,
    );
  const verdictOf = (first: string, reported: number) => verdict(listOf(first), outcome([], { reported }));

  test('may be lost if the list does not begin with an object, and that is reported', () => {
    expect(verdictOf('null', 1)).toEqual([]);
    expect(verdictOf('null', 0)).toEqual(['the function lost the intact record 1']);
    expect(verdictOf('{"a":1}', 1)).toEqual(['the function lost the intact record 1']);
  });
});

describe('an event that is found although it is planted in another one', () => {
  const whole = json({ ...event('a'), requestObject: { x: 1, items: [event('p'), event('p')] } });
  const promoted = ['the function promoted an event inside record 0'];
  const damaged = (text: string, changes: Partial<FuzzRecord> = {}) =>
    lines([
      record('a', {
        bytes: Buffer.from(text),
        isMutated: true,
        matches: undefined,
        planted: ['p'],
        ...changes,
      }),
    ]);
  const verdictOf = (fuzzCase: FuzzCase) => verdict(fuzzCase, outcome([found('p')], { reported: 1 }));

  test.each([
    ['a line feed and a brace that begin a document', whole.replace('"items"', '\n{"items"')],
    ['a line feed before the body', whole.replace('{"x"', '\n{"x"')],
    ['a line feed before the event', whole.replace('[{', '[\n{')],
    ['a fault in the list, and a comma', whole.replace('[{', '[{]').replace('"stage"', '"stage')],
    ['nothing between the record and its audit ID', `${json(event('a')).slice(0, 60)}","auditID":"p"}}]}}`],
  ])('is allowed if its text is that of a record: %s', (_, text) => {
    expect(verdictOf(damaged(text))).toEqual([]);
  });

  test.each([
    ['no fault', whole],
    ['a brace that begins no document', whole.replace('"x":1,', '"x":1\n{,')],
    ['a bracket that begins no document', whole.replace('"x":1,', '"x":1\n[,')],
    ['a line feed within the list, behind an item', whole.replace('},{', '}\n,{')],
    ['a line feed behind the event', whole.replace(/\}\}$/, '\n{"a":1}}')],
    ['a fault before the body', whole.replace('"requestObject"', ',"requestObject"')],
    ['a missing brace', whole.replace('{"x"', '"x"')],
    ['an event that is cut off', whole.slice(0, -30)],
  ])('is a failure otherwise: %s', (_, text) => {
    expect(verdictOf(damaged(text))).toEqual(promoted);
  });

  test('is a failure in the rest of an event, however that ends', () => {
    const rest = whole.slice(whole.indexOf('"items"'), -30);
    expect(verdictOf(damaged(rest, { isRest: true }))).toEqual(promoted);
  });

  test('is a failure in a record that was not mutated', () => {
    expect(verdictOf(damaged(`${whole}\n{"a":1}`, { isMutated: false }))).toEqual(promoted);
  });
});

test('a case fails if it takes too much CPU time', async () => {
  const fuzz = await createFuzz(async () => {
    const before = process.cpuUsage();
    while (process.cpuUsage(before).user < 30_000);
    return outcome([]);
  }, 5);
  const { failure } = await fuzz(1);
  expect(failure?.faults.join()).toMatch(/it took \d+ ms of CPU time/);
});

describe("Go's verdict about a certificate request", () => {
  const pem = readFileSync(new URL('../fixtures/requests/alternative-names.csr', import.meta.url));
  const request = pem.toString('base64');
  const { subject } = readRequest(request);
  const agreeing = {
    ...{ request, accepted: true, parsed: true, algorithm: '', bits: 0 },
    ...{ commonName: subject?.commonName ?? '', organizations: subject?.organizations ?? null },
    ...{ dnsNames: subject?.dnsNames ?? null, ipAddresses: subject?.ipAddresses ?? null },
    ...{ emailAddresses: subject?.emailAddresses ?? null, uris: subject?.uris ?? null },
  } satisfies GoVerdict;
  const unreadable = Buffer.from('-----BEGIN X-----').toString('base64');

  test('is the same', () => {
    expect(subject).toBeDefined();
    expect(differenceOf(request, agreeing)).toBeUndefined();
    expect(differenceOf(unreadable, { ...agreeing, accepted: false, parsed: false })).toBeUndefined();
  });

  test.each<[string, Partial<GoVerdict>, RegExp]>([
    [request, { accepted: false }, /^Go refuses what ours accepts$/],
    [unreadable, {}, /^Go accepts what ours refuses: /],
    [unreadable, { accepted: false }, /^commonName: Go reads/],
    [request, { commonName: 'other' }, /^commonName: Go reads "other", ours /],
    [request, { organizations: ['system:masters'] }, /^organizations: /],
    [request, { dnsNames: [...(agreeing.dnsNames ?? []), 'x'] }, /^dnsNames: /],
    [request, { ipAddresses: null }, /^ipAddresses: /],
    [request, { emailAddresses: ['a@b'] }, /^emailAddresses: /],
    [request, { uris: ['spiffe://x'] }, /^uris: /],
  ])('is another one: %#', (text, changes, difference) => {
    expect(differenceOf(text, { ...agreeing, ...changes })).toMatch(difference);
  });

  test('may escape characters of URIs', () => {
    const uris = agreeing.uris?.map((uri) => uri.replaceAll('a', '%61')) ?? null;
    expect(differenceOf(request, { ...agreeing, uris })).toBeUndefined();
  });
});
