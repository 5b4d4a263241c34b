import type { Rendering } from '../lambda/alerts/channel.ts';
import type { Message } from '../lambda/alerts/message.ts';
import { render } from '../lambda/alerts/renderings/render.ts';
import { type Situation, situations } from './situations.ts';

const start = /<!-- pages: .* -->\n/;
const end = '<!-- /pages -->';

const context = {
  account: '111122223333',
  region: 'eu-central-1',
  nowMs: Date.parse('2026-11-23T21:56:30Z'),
};

/** docs/pages.md with what each channel sends in each situation, between its marks. */
export async function withPages(page: string): Promise<string> {
  const [mark = ''] = start.exec(page) ?? [];
  const from = page.indexOf(mark) + mark.length;
  const shown = (await situations()).map(situationText).join('\n');
  return `${page.slice(0, from)}\n${shown}\n${page.slice(page.indexOf(end))}`;
}

function situationText({ title, story, findings }: Situation, index: number): string {
  const only = (rendering: Rendering): Message => {
    const [page] = render(rendering, findings, context);
    if (!page) throw new Error(`${title}: the recordings hold no such event`);
    return page.message;
  };
  const text = only('text');
  const { email, sms } = JSON.parse(text.body);
  const alarm = only('alarm');
  return [
    `## ${index + 1}. ${title}`,
    `\n${story}`,
    `\n### E-mail\n`,
    block('text', `Subject: ${text.subject}\n\n${email}`),
    `\n### SMS\n`,
    block('text', sms),
    `\n### Chat\n`,
    block('json', pretty(only('chat').body)),
    `\n### Alarm\n`,
    block('text', `Subject: ${alarm.subject}`),
    '',
    block('json', pretty(alarm.body)),
    `\n### JSON${findings.length > 1 ? `, the first of ${findings.length}` : ''}\n`,
    block('json', JSON.stringify(shortened(JSON.parse(only('json').body)), null, 2)),
    '',
  ].join('\n');
}

function pretty(body: string): string {
  return JSON.stringify(JSON.parse(body), null, 2);
}

/** The event and what the rule file says of itself are left out: they are long and known. */
function shortened({ event, rule, ...finding }: Record<string, Record<string, unknown>>): object {
  const { id, name, severity, riskScore } = rule ?? {};
  return {
    ...finding,
    rule: { id, name, severity, riskScore, '…': '…' },
    event: { auditID: event?.['auditID'], stage: event?.['stage'], verb: event?.['verb'], '…': '…' },
  };
}

function block(language: string, text: string): string {
  return `\`\`\`\`${language}\n${text}\n\`\`\`\``;
}
