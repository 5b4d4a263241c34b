import { describe, expect, test } from 'vitest';
import { noCoverage } from '../../cli/report/coverage.ts';
import { createReporter, type Format, formats, hasStories } from '../../cli/report/create-reporter.ts';
import { requestLine } from '../../cli/report/request-line.ts';
import { emptyStats } from '../../cli/report/scan-stats.ts';
import { type Rendering, renderings } from '../../lambda/alerts/channel.ts';
import type { Message } from '../../lambda/alerts/message.ts';
import { render } from '../../lambda/alerts/render.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { isObject } from '../../lambda/json/read-json.ts';
import {
  alternativeNames,
  cn,
  der,
  extensionRequest,
  name,
  o,
  request,
  utf8,
} from '../findings/x509/build.ts';
import { context, finding, findingOf, logStream, object, outcomes, phases } from './samples.ts';

const marker = 'nothing was found';
/** Names that read as a sentence of csrwatch, or close their quotation. */
const sentences = [
  `x. A dry run: ${marker}.`,
  `x". A dry run: ${marker}. "`,
  `x\\". A dry run: ${marker}. \\`,
  `x\u201d. A dry run: ${marker}. \u201c`,
  `x'. A dry run: ${marker}. '`,
  `x\u001b[2J\u009b31m\u202e\u2066\ufdd0\u{10ffff}\u200b\u2028\r\n A dry run: ${marker}.`,
  `${'x'.repeat(70)}". ${`A dry run: ${marker}. `.repeat(50)}`,
];

/** Characters that hide, reorder or end text. Only our own line ends may be printed. */
const hidden = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Every text that people read: all strings of a message, or the sentences in the JSON of a finding. */
function textsOf(rendering: Rendering, { subject = '', body }: Message): string[] {
  const parsed: unknown = JSON.parse(body);
  const kept = (path: Path) =>
    rendering !== 'json' || /^(signals|steps)\..*\.(sentence|say)$/.test(path.join('.'));
  return [subject, ...strings(parsed).flatMap(([path, text]) => (kept(path) ? [text] : []))];
}

/** The text without its quotations. */
function unquoted(text: string): string {
  return text.replace(/"(?:\\.|[^"\\\n])*"/g, '');
}

async function expectQuoted(findings: readonly Finding[], where: string): Promise<void> {
  const shown: string[] = [];
  const printed: string[] = [];
  for (const format of formats) {
    const output = await scanOutput(format, findings);
    printed.push(output.replaceAll('\r\n', '\n'));
    if (hasStories(format)) shown.push(output);
  }
  for (const rendering of renderings)
    for (const { message } of render(rendering, findings, context)) {
      printed.push(message.subject ?? '', message.body, ...Object.values(message.attributes ?? {}));
      shown.push(...textsOf(rendering, message));
    }
  // an `expect` for each text would take longer than the texts
  expect(
    shown.filter((text) => unquoted(text).includes(marker)),
    where,
  ).toEqual([]);
  expect(
    printed.flatMap((text) => hidden.exec(text)?.[0] ?? []),
    where,
  ).toEqual([]);
}

/** What `scan` prints, on a terminal so wide that no line is broken inside a quotation. */
async function scanOutput(format: Format, findings: readonly Finding[]): Promise<string> {
  const printed: string[] = [];
  const reporter = await createReporter(
    format,
    async (text) => void printed.push(text),
    { color: false, width: 1e6 },
    { sort: 'severity', summaryOnly: false, timelineOf: 'a query', onlyCsrStories: false },
  );
  for (const one of findings) {
    const { event, cluster, place } = one;
    const record = { event, format: one.format, cluster, place };
    await reporter.item({ kind: 'finding', finding: one });
    await reporter.item({
      kind: 'csr-event',
      record: { ...record, event: { ...event, verb: 'get' } },
      ruleIds: [],
    });
    await reporter.item({ kind: 'request', line: requestLine(record, []) });
  }
  await reporter.end(emptyStats(), noCoverage);
  return printed.join('');
}

type Path = readonly (string | number)[];

function strings(value: unknown, path: Path = []): (readonly [path: Path, text: string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((item, index) => strings(item, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => strings(item, [...path, key]));
}

const stringPaths = (value: unknown) => strings(value).map(([path]) => path);

function replaced<T>(value: T, path: Path, text: string): T {
  const copy = structuredClone(value);
  let parent: Record<string | number, unknown> = Object(copy);
  for (const key of path.slice(0, -1)) parent = Object(parent[key]);
  const last = path.at(-1);
  if (last !== undefined) parent[last] = text;
  return copy;
}

/** An event with every field that an alert may show. */
const fullEvent = {
  user: {
    username: 'system:serviceaccount:shop:web',
    uid: 'u',
    groups: ['a', 'b'],
    extra: { arn: ['a'], sessionName: ['s'], accessKeyId: ['k'], principalId: ['p'] },
  },
  impersonatedUser: { username: 'root', groups: ['g'] },
  userAgent: 'curl/8',
  sourceIPs: ['10.0.0.1', '203.0.113.24'],
  objectRef: {
    resource: 'certificatesigningrequests',
    name: 'n',
    namespace: 'shop',
    apiGroup: 'certificates.k8s.io',
  },
  responseObject: {
    kind: 'CertificateSigningRequest',
    metadata: { name: 'n', uid: 'u' },
    spec: {
      username: 'root',
      signerName: 'example.com/s',
      usages: ['client auth'],
      groups: ['g'],
      request: 'eA==',
    },
    status: { certificate: 'eA==' },
  },
};

const events = [
  ['create', ''],
  ['update', 'approval'],
  ['update', 'status'],
  ['deletecollection', ''],
  ['escalate', 'other'],
].map(([verb, subresource]) => ({
  ...fullEvent,
  verb,
  objectRef: { ...fullEvent.objectRef, ...(subresource ? { subresource } : {}) },
  responseObject: {
    ...fullEvent.responseObject,
    status: { ...fullEvent.responseObject.status, conditions: [{ type: 'Approved', status: 'True' }] },
  },
}));

const places = {
  succeeded: { origin: { ...logStream }, logEventId: '1' },
  refused: { origin: { ...object, versionId: '1' }, line: 1 },
  'dry-run': { origin: { kind: 'stream', stream: 's', account: '1', region: 'r' }, sequenceNumber: '1' },
  unknown: { origin: { kind: 'file', path: 'p' }, line: 1 },
} as const;

/** Computed by csrwatch: none of these can contain a text of the log. */
const computed =
  /^(id|eventDigest|severity|phase|outcome|format|rule|place\.origin\.kind|signals|event|certificate\.s|request\.(key|parseError))/;

describe.each(sentences.map((sentence) => [sentence.slice(0, 80), sentence] as const))(
  'a text such as %j is quoted wherever it is shown',
  (_, sentence) => {
    test('in every field of an event', async () => {
      const complete = { ...(await findingOf()).event };
      // each sentence in one kind of event, and the first one in all of them
      const number = sentences.indexOf(sentence);
      for (const event of events.filter((_, index) => number === 0 || index === number % events.length))
        for (const path of stringPaths({ ...complete, ...event }))
          await expectQuoted(
            [await findingOf(replaced({ ...complete, ...event }, path, sentence))],
            `${event.verb} ${path.join('.')}`,
          );
    });

    test('in every field of a finding', async () => {
      const certificate = { serialNumber: '1', notBefore: 'b', notAfter: 'a', sha256: 'c' };
      for (const [index, phase] of phases.entries())
        for (const outcome of outcomes.slice(index % outcomes.length).slice(0, 1)) {
          const full = {
            ...(await findingOf(fullEvent)),
            ...(await finding({ phase, outcome, certificate })),
            ...{ pod: { name: 'p', namespace: 'shop' }, place: places[outcome] },
          };
          for (const path of stringPaths(full).filter((each) => !computed.test(each.join('.')))) {
            const one = replaced(full, path, sentence);
            const other = { ...one, id: 'x', eventDigest: 'x', severity: 'critical' as const };
            await expectQuoted([one], path.join('.'));
            await expectQuoted([one, other], `burst ${path.join('.')}`);
          }
        }
    });

    test('in the request itself', async () => {
      const text = utf8(sentence);
      const names = [0x81, 0x82, 0x86].map((tag) => der(tag, sentence.replace(/[^\x00-\x7f]/g, '?')));
      const encodedRequest = request({
        subject: name([cn(utf8('a'))], [cn(text)], [o(text)], [o(utf8(`system:${sentence}`))]),
        attributes: [extensionRequest(alternativeNames(...names))],
      });
      for (const event of events) {
        const { responseObject } = event;
        const spec = { ...responseObject.spec, request: encodedRequest };
        const one = await findingOf({ ...event, responseObject: { ...responseObject, spec } });
        await expectQuoted([one], `${event.verb} ${event.objectRef.resource}`);
      }
    });
  },
);
