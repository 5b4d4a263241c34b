import { describe, expect, test } from 'vitest';
import { chatStyle } from '../../lambda/alerts/renderings/chat-style.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { finding, message, outcomes, phases, selfApproval, subject } from './samples.ts';
import { amazonQComplaints } from './schemas.ts';

const chat = (one: Finding) => JSON.parse(message('chat', one).body);

describe('a custom notification', () => {
  const cases = phases.flatMap((phase) => outcomes.map((outcome) => ({ phase, outcome })));
  test.each(cases)('of $phase, $outcome, follows the schema of Amazon Q', async (changes) => {
    const { body } = message('chat', await finding({ ...changes, signals: [selfApproval] }));
    expect(amazonQComplaints(JSON.parse(body))).toEqual([]);
    expect(body).not.toContain('(empty)');
    // no step of ours is too long
    expect(body).not.toContain('too long for chat');
    for (const step of JSON.parse(body).content.nextSteps) expect(step).not.toMatch(/…$/);
  });

  test('starts with the headline and links to the log', async () => {
    const { content } = chat(
      await finding({ severity: 'critical', phase: 'approved', signals: [selfApproval] }),
    );
    expect(content.title).toBe(
      'CRITICAL in `prod`: `"kubernetes-admin"` approved its own CN=`"bob"`, O=`"oidc:security"`',
    );
    expect(content.description.split('\n').slice(0, 2)).toEqual([
      'CRITICAL in `prod`: `"kubernetes-admin"` approved its own request `"bob-laptop"` for a client certificate for CN=`"bob"`, O=`"oidc:security"`. The cluster signs it within seconds: assume that the certificate has been issued.',
      'https://eu-central-1.console.aws.amazon.com/s3/object/audit-logs?region=eu-central-1&prefix=onprem%2F2026%2Faudit.log.gz',
    ]);
    expect(content.description).toContain('- `The requester approved its own request.`');
    expect(content.keywords).toEqual(['critical', 'approved', 'succeeded', 'a-rule']);
  });

  test('fits its limits and closes every code span, however long the names are', async () => {
    const long = 'x'.repeat(2 ** 20);
    const one = await finding(
      {
        cluster: long,
        actor: {
          name: long,
          groups: Array.from({ length: 99 }, () => long),
          extra: { arn: [long] },
          sourceIPs: [long, long],
        },
        signals: Array.from({ length: 99 }, () => ({ ...selfApproval, sentence: long })),
        rule: { id: long, name: long, severity: 'high', riskScore: 73 },
      },
      {
        name: long,
        signerName: long,
        subject: { ...subject, commonName: long, organizations: Array.from({ length: 99 }, () => long) },
      },
    );
    const json = chat(one);
    expect(amazonQComplaints(json)).toEqual([]);
    for (const line of [
      json.content.title,
      ...json.content.description.split('\n'),
      ...json.content.nextSteps,
    ]) {
      expect(line.match(/`/g)?.length ?? 0, line).toSatisfy((count: number) => count % 2 === 0);
    }
    expect(json.content.description).toContain('truncated: see the e-mail or the json channel');
  });

  test('has one thread per incident', async () => {
    const thread = async (changes: Partial<Finding>) => chat(await finding(changes)).metadata.threadId;
    expect(await thread({ phase: 'approved' })).toBe(await thread({}));
    expect(await thread({ cluster: 'staging' })).not.toBe(await thread({}));
  });
});

describe('text in chat', () => {
  test.each([
    ['system:serviceaccount:payments:checkout', '`system:serviceaccount:payments:checkout`'],
    ['carol@example.com', '`carol@example.com`'],
    ['@here look', '`\\u{40}here look`'],
    ['x@channel', '`x\\u{40}channel`'],
    ['a @carol', '`a \\u{40}carol`'],
    ['<!channel>', '`\\u{3c}!channel\\u{3e}`'],
    ['<https://evil.example|click>', '`\\u{3c}https://evil.example|click\\u{3e}`'],
    ['a`b *c* _d_ [e](f)', '`a\\u{60}b *c* _d_ [e](f)`'],
    ['&lt;!here&gt;', '`\\u{26}lt;!here\\u{26}gt;`'],
    ['two\nlines', '`two\\u{a}lines`'],
    ['', '(empty)'],
  ])('%j is %s, and quoted if it is from the log', (text, shown) => {
    expect(chatStyle.plain(text)).toBe(shown);
    if (text !== '') expect(chatStyle.quote(text)).toBe(`\`"${shown.slice(1, -1)}"\``);
  });

  test('cannot close its quotation', () => {
    expect(chatStyle.quote('a" b \u201d \\')).toBe('`"a\\" b \\u{201d} \\\\"`');
    expect(chatStyle.quote('')).toBe('`""`');
    expect(chatStyle.quote('x'.repeat(400), 10)).toBe('`"xxxxxxxxxx…" (400 characters)`');
  });
});
