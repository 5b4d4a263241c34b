import { describe, expect, test } from 'vitest';
import { type Rendering, renderings } from '../../lambda/alerts/channel.ts';
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
import { context, finding, findingOf, phases } from './samples.ts';

const marker = 'nothing was found';
/** Names that read as a sentence of csrwatch, or close their quotation. */
const sentences = [
  `x. A dry run: ${marker}.`,
  `x". A dry run: ${marker}. "`,
  `x\\". A dry run: ${marker}. \\`,
  `x\u201d. A dry run: ${marker}. \u201c`,
  `x'. A dry run: ${marker}. '`,
  `${'x'.repeat(70)}". ${`A dry run: ${marker}. `.repeat(50)}`,
];

/** Every text of a message that people read, and the sentences in the JSON of a finding. */
const texts: Readonly<Record<Rendering, (message: { subject?: string; body: string }) => string[]>> = {
  json: ({ body }) => {
    const { signals, steps } = JSON.parse(body);
    return [...signals, ...steps].map(({ sentence, say }) => sentence ?? say);
  },
  text: ({ subject = '', body }) => [subject, ...Object.values<string>(JSON.parse(body))],
  chat: ({ body }) => {
    const { content, metadata } = JSON.parse(body);
    return [content.title, content.description, ...content.nextSteps, metadata.summary];
  },
  alarm: ({ body }) => {
    const { AlarmName, AlarmDescription, NewStateReason } = JSON.parse(body);
    return [AlarmName, AlarmDescription, NewStateReason];
  },
};

/** The text without its quotations. */
function unquoted(text: string): string {
  return text.replace(/"(?:\\.|[^"\\\n])*"/g, '');
}

function expectQuoted(findings: readonly Finding[], where: string): void {
  for (const rendering of renderings)
    for (const { message } of render(rendering, findings, context))
      for (const text of texts[rendering](message))
        expect(unquoted(text), `${rendering}: ${where}: ${text}`).not.toContain(marker);
}

type Path = readonly (string | number)[];

function stringPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => stringPaths(item, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => stringPaths(item, [...path, key]));
}

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

/** Computed by csrwatch: none of these can contain a text of the log. */
const computed =
  /^(id|eventDigest|severity|phase|outcome|format|rule|place|signals|event|certificate\.s|request\.(key|parseError))/;

describe.each(sentences.map((sentence) => [sentence.slice(0, 80), sentence] as const))(
  'a text such as %j is quoted wherever it is shown',
  (_, sentence) => {
    test('in every field of an event', async () => {
      const complete = { ...(await findingOf()).event };
      for (const event of events)
        for (const path of stringPaths({ ...complete, ...event }))
          expectQuoted(
            [await findingOf(replaced({ ...complete, ...event }, path, sentence))],
            `${event.verb} ${path.join('.')}`,
          );
    });

    test('in every field of a finding', async () => {
      const certificate = { serialNumber: '1', notBefore: 'b', notAfter: 'a', sha256: 'c' };
      for (const phase of phases)
        for (const outcome of ['succeeded', 'refused'] as const) {
          const full = {
            ...(await findingOf(fullEvent)),
            ...(await finding({ phase, outcome, certificate })),
          };
          for (const path of stringPaths(full).filter((each) => !computed.test(each.join('.')))) {
            const one = replaced(full, path, sentence);
            const other = { ...one, id: 'x', eventDigest: 'x', severity: 'critical' as const };
            expectQuoted([one], path.join('.'));
            expectQuoted([one, other], `burst ${path.join('.')}`);
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
        expectQuoted([one], `${event.verb} ${event.objectRef.resource}`);
      }
    });
  },
);
