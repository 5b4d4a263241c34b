import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventText } from '../../../../cli/report/page/kept-events.ts';
import type { Finding } from '../../../../lambda/findings/finding.ts';
import { attacks, fields } from '../../../alerts/attacks.ts';
import { finding } from '../made-up.ts';
import { contentOf, items, pageOf } from './page-of.ts';

/** Characters that hide, end a line or reorder text. Only our own line ends may appear in a page. */
const hidden =
  /[\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u0590-\u08ff]|(?!\n)\p{Cc}|(?! )\p{Zs}|\p{M}{3}/u;

const attribute =
  / (?:lang|charset|http-equiv|content|name|class|href|id|data-[a-z]+|datetime|d|x|x1|x2|y|y1|y2|width|height|text-anchor|scope|aria-[a-z]+|focusable|tabindex|role|type|value|step)="[^"<>]*"| (?:hidden|checked|open)/
    .source;
const elements =
  'html|head|meta|title|body|a|header|h[1-4]|p|main|section|ul|ol|li|dl|div|dt|dd|span|svg|defs|path|use|g|line|rect|text|b|strong|time|code|pre|details|summary|article|form|fieldset|legend|label|input|select|option|button|table|thead|tbody|tr|th|td';
const ownTag = new RegExp(`^<(?:!doctype html|/(?:${elements})|(?:${elements})(?:${attribute})*/?)>$`);

/** Checks that the page contains only known tags with known attributes, and no link to another page. */
function expectInert(page: string, where?: string): void {
  const content = contentOf(page);
  const tags = content.match(/<[^>]*>?/g) ?? [];
  expect(
    tags.find((tag) => !ownTag.test(tag)),
    where,
  ).toBeUndefined();
  const links = tags.flatMap((tag) => /href="([^"]*)"/.exec(tag)?.[1] ?? []);
  expect(
    links.filter((link) => !/^#[\w-]+$/.test(link)),
    where,
  ).toEqual([]);
  expect(hidden.exec(content)?.[0], where).toBeUndefined();
}

/** A page with an attack has no more tags than a page without one. */
const tagsOf = (page: string) => contentOf(page).split('<').length;

const markup: readonly (readonly [string, string])[] = [
  ['the end of the script', '</script><script>evil()</script>'],
  ['the end of the style', '</style><script>evil()</script>'],
  ['a comment', '<!--evil'],
  ['a comment and a script', '<!--<script>evil'],
  ['the end of an attribute', '" autofocus onfocus="evil()'],
  ['the end of a title', '</title></pre></details><img src=x onerror=evil()>'],
  ['a link that is a script', 'javascript:evil()'],
  ['an SVG', '<svg onload=evil()>'],
  ['CDATA', ']]><evil/>'],
];

describe.each([...attacks, ...markup])('%s', (_, attack) => {
  test('in any field is text', async () => {
    const findings: Finding[] = [];
    for (const [name, field] of Object.entries(fields)) {
      const one = await field(attack);
      findings.push({ ...one, eventDigest: name, id: name });
    }
    expectInert(await pageOf(items(findings)));
  });
});

const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom(...'<>&"\'`=/!-\u2028\u202e\ud800script '),
    minLength: 1,
    maxLength: 30,
  }),
);

test('no text of an event, a place, a warning or the command line becomes markup', async () => {
  const place = (path: string) => ({ origin: { kind: 'file', path } }) as const;
  const made = (name: string) => {
    const found = finding({
      cluster: name,
      time: name,
      verb: name,
      resource: name,
      subresource: name,
      rule: { id: name, name, severity: 'high', riskScore: 1 },
      request: { name, uid: name, requester: name, signerName: name, usages: [name], parseError: name },
      actor: { name, groups: [name], extra: { [name]: [name] }, sourceIPs: [name], userAgent: name },
      signals: [{ id: name, sentence: name }],
      certificate: {
        serialNumber: name,
        notBefore: name,
        notAfter: name,
        sha256: name,
        subject: {
          commonName: name,
          organizations: [name],
          dnsNames: [name],
          ipAddresses: [],
          emailAddresses: [],
          uris: [],
        },
      },
      place: place(name),
      event: { auditID: name, [name]: name, stage: name },
    });
    const line = {
      key: name,
      time: name,
      who: name,
      from: name,
      userAgent: name,
      verb: name,
      object: name,
      code: 200,
      sensitive: name,
      rules: [name],
    };
    return pageOf([...items([found]), { kind: 'request', line }], {
      options: { timelineOf: name },
      stats: {
        faults: [{ place: place(name), reason: name }],
        rejected: 1,
        rejections: [{ place: place(name), reason: name }],
      },
      info: { version: name, warnings: [name], scan: [['Command', name]], interruption: name },
    });
  };
  const countOf = async (name: string) => {
    const page = await made(name);
    expectInert(page);
    return tagsOf(page);
  };
  await fc.assert(
    fc.asyncProperty(text, async (name) => {
      // the same without the characters that begin or end markup
      expect(await countOf(name)).toBe(await countOf(name.replace(/[<>&"'`=]/g, '!')));
    }),
    { numRuns: 200 },
  );
});

test('the JSON of an event has only visible characters, and is the same event', () => {
  fc.assert(
    fc.property(fc.dictionary(text, text), (event) => {
      const shown = eventText(event);
      expect(hidden.exec(shown)?.[0]).toBeUndefined();
      expect(JSON.parse(shown)).toEqual(event);
    }),
  );
});
