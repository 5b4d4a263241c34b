import { describe, expect, test, vi } from 'vitest';
import { type Rendering, renderings } from '../../lambda/alerts/channel.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { consoleLog } from '../../lambda/log.ts';
import { stepsFor } from '../../lambda/response/response-steps.ts';
import { runScan } from '../run-command.ts';
import { attacks, fields, marker } from './attacks.ts';
import { finding, message } from './samples.ts';
import { alarmComplaints, amazonQComplaints, undocumented } from './schemas.ts';

/** Characters that hide, end a line or reorder text. Only our own line ends may appear in an output. */
const hidden =
  /[\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u0590-\u08ff]|(?!\n)\p{Cc}|(?! )\p{Zs}|\p{M}{3}/u;
/** No line begins with text of an attacker: each begins with a label, number or command of ours. */
const ownLine = new RegExp(`^(${marker}|Bcc|\\{")`, 'm');

/** The finding itself, and as the second of a burst unless it is very long. */
async function burstsWith(field: (text: string) => Promise<Finding>, text: string): Promise<Finding[][]> {
  const one = await field(text);
  const other = {
    ...(await finding()),
    eventDigest: 'f'.repeat(32),
    id: 'e'.repeat(32),
    rule: one.rule,
    cluster: one.cluster,
    actor: one.actor,
  };
  const burst = [{ ...other, severity: 'critical' as const }, one];
  return text.length > 10_000 ? [[one]] : [[one], burst];
}

function expectHarmless(text: string, where: string): void {
  // a failing regular expression on a long text prints all of it, and an `expect` takes longer than the search
  const found = [hidden, ownLine].flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
  if (found.length > 0) expect(found, where).toEqual([]);
}

type Expectation = (findings: readonly Finding[], attack: string, where: string) => void;

const expectations: Readonly<Record<Rendering, Expectation>> = {
  json: expectJson,
  text: expectText,
  chat: expectChat,
  alarm: expectAlarm,
};

describe.each(attacks)('%s', (_, attack) => {
  test.each(Object.entries(fields))('in %s', async (name, field) => {
    for (const findings of await burstsWith(field, attack)) {
      const where = `${name}, ${findings.length}`;
      for (const rendering of renderings) expectations[rendering](findings, attack, where);
    }
  });
});

function expectText(findings: readonly Finding[], attack: string, where: string): void {
  const { subject, body } = message('text', ...findings);
  const { default: plain, email, sms } = JSON.parse(body);
  expect(subject, where).toMatch(/^\[[\x20-\x7e]{1,98}$/);
  expect(sms, where).toMatch(/^csrwatch [\x20-\x7e]{1,131}$/);
  expect(sms, where).not.toMatch(/[`[\]{}\\^~|]/);
  expect(email.length).toBeLessThan(31_000);
  expect(plain).toBe(email);
  expectHarmless(email, `e-mail: ${where}`);
  // a command contains text of an attacker only if a shell and KQL read it as one word
  if (/^[A-Za-z0-9][A-Za-z0-9:._/@+=,#-]*$/.test(attack)) return;
  for (const [command] of email.matchAll(/^ {3}.*$/gm))
    expect(command, where).not.toMatch(new RegExp(`${marker}(?!x)`));
}

function expectChat(findings: readonly Finding[], _attack: string, where: string): void {
  const json = JSON.parse(message('chat', ...findings).body);
  expect(amazonQComplaints(json), where).toEqual([]);
  const { title, description, nextSteps, keywords } = json.content;
  const { threadId, summary, eventType, additionalContext } = json.metadata;
  for (const text of [
    title,
    ...description.split('\n'),
    ...nextSteps,
    summary,
    threadId,
    eventType,
    ...keywords,
  ]) {
    const link = /^https:\/\/eu-central-1\.console\.aws\.amazon\.com\/[\w./?=&%:#$-]+$/;
    if (link.test(text)) continue;
    expectHarmless(text, `chat: ${where}`);
    const spans = text.split('`');
    expect(spans.length % 2, `${where}: an open code span in ${text}`).toBe(1);
    const outside = spans.filter((_span: string, index: number) => index % 2 === 0).join('');
    expect(outside, where).not.toMatch(
      new RegExp(`${marker}|__proto__|[<>&@]|https?://(?!kubernetes\\.io/)`),
    );
    const inside = spans.filter((_span: string, index: number) => index % 2 === 1).join('\n');
    // @message and @timestamp are fields of Logs Insights
    expect(inside, where).not.toMatch(/<|&|(^|\W)@(?!message|timestamp)|@(here|channel|everyone)/);
  }
  for (const value of Object.values(additionalContext)) expect(value, where).toMatch(/^[A-Za-z0-9.:-]+$/);
}

function expectAlarm(findings: readonly Finding[], _attack: string, where: string): void {
  const { subject, body } = message('alarm', ...findings);
  expect(subject, where).toMatch(/^ALARM: "[\x20-\x7e]{1,91}$/);
  const json = JSON.parse(body);
  expect(alarmComplaints(json), where).toEqual([]);
  for (const text of [json.AlarmName, json.AlarmDescription, json.NewStateReason, json.AlarmArn])
    expectHarmless(text, `alarm: ${where}`);
  for (const { value } of json.Trigger.Dimensions) expectHarmless(`-${value}`, `dimension: ${where}`);
}

function expectJson(findings: readonly Finding[], _attack: string, where: string): void {
  for (const one of findings) {
    const { body, attributes = {} } = message('json', one);
    expect(body.includes('\n'), where).toBe(false);
    expect(Buffer.byteLength(body)).toBeLessThan(256 * 1_024);
    const json = JSON.parse(body);
    expect(undocumented(json), where).toEqual([]);
    // programs receive every character unchanged, unless the finding is truncated
    if (json.truncated === undefined) {
      expect(json).toEqual({ schemaVersion: '1.0', ...one, steps: stepsFor(one) });
    }
    for (const value of Object.values(attributes)) {
      expect(value.length, where).toBeGreaterThan(0);
      expectHarmless(`-${value}`, `attribute: ${where}`);
    }
  }
}

describe('the log', () => {
  test.each(attacks)('is one line of JSON, whatever it contains: %s', (_, attack) => {
    const written: string[] = [];
    const spy = vi
      .spyOn(process.stdout, 'write')
      .mockImplementation((text) => written.push(String(text)) > 0);
    consoleLog('warn', attack, { [attack]: attack, reasons: [attack] });
    spy.mockRestore();
    expect(written).toHaveLength(1);
    expect(written[0]?.match(/[\n\r]/g)).toEqual(['\n']);
    expect(JSON.parse(written[0] ?? '')).toMatchObject({
      level: 'warn',
      reasons: [attack.toWellFormed() === attack ? attack : expect.any(String)],
    });
  });
});

describe('the terminal output of a scan', async () => {
  const events = await Promise.all(
    attacks.flatMap(([, attack]) =>
      Object.values(fields).map(async (field) => {
        const { event } = await field(attack);
        return JSON.stringify(event);
      }),
    ),
  );
  const { stdout, status } = runScan(['--query', '*', '--cluster', 'prod'], [...new Set(events)].join('\n'));

  test('shows every finding, without characters that hide or end a line', () => {
    expect(status).toBe(1);
    expect(stdout.match(/\S/g)?.length).toBeGreaterThan(10_000);
    expectHarmless(stdout, 'scan');
  });
});
