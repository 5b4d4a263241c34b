import { type Rendering, renderings } from '../lambda/alerts/channel.ts';
import type { Message } from '../lambda/alerts/message.ts';
import { render } from '../lambda/alerts/render.ts';
import { withBlock } from './generated-block.ts';
import { type Situation, situations, summaries } from './situations.ts';

const context = {
  account: '111122223333',
  region: 'eu-central-1',
  nowMs: Date.parse('2026-11-23T21:56:30Z'),
};

/** docs/alerts.md with links to the pages of the situations. */
export function withSituationList(page: string): string {
  const links = summaries.map(({ slug, title, story }) => `- [${title}](alerts/${slug}.md): ${story}\n`);
  return withBlock(page, 'situations', links.join(''));
}

/** A page per situation with the message of each rendering, by path. */
export const situationPages: Readonly<Record<string, () => Promise<string>>> = Object.fromEntries(
  summaries.map(({ slug }) => [
    `docs/alerts/${slug}.md`,
    async () => {
      const situation = (await situations()).find((each) => each.slug === slug);
      if (!situation) throw new Error(`docs/situations.ts has no findings of ${slug}`);
      return situationPage(situation);
    },
  ]),
);

function situationPage({ title, story, findings }: Situation): string {
  const sections = renderings.map((rendering) => {
    const [alert] = render(rendering, findings, context);
    if (!alert) throw new Error(`${title}: the recordings have no such event`);
    return `## ${headings[rendering]}\n\n${examples[rendering](alert.message)}\n`;
  });
  return `# ${title}\n\n${story}\n\nWritten by \`npm run docs\`. [All situations](../alerts.md)\n\n${sections.join('\n')}`;
}

const headings: Readonly<Record<Rendering, string>> = {
  json: '`json`',
  text: '`text`: e-mail and SMS',
  chat: '`chat`',
  alarm: '`alarm`',
};

const examples: Readonly<Record<Rendering, (message: Message) => string>> = {
  json: ({ body }) =>
    `The event and the metadata of the rule are shortened.\n\n${jsonBlock(shortened(JSON.parse(body)))}`,
  text: ({ subject, body }) => {
    const { email, sms } = JSON.parse(body);
    return `${block('text', `Subject: ${subject}\n\n${email}`)}\n\n${block('text', sms)}`;
  },
  chat: ({ body }) => jsonBlock(JSON.parse(body)),
  alarm: ({ subject, body }) => `${block('text', `Subject: ${subject}`)}\n\n${jsonBlock(JSON.parse(body))}`,
};

function shortened({ event, rule, ...finding }: Record<string, Record<string, unknown>>): object {
  const { id, name, severity, riskScore } = rule ?? {};
  return {
    ...finding,
    rule: { id, name, severity, riskScore, '…': '…' },
    event: { auditID: event?.['auditID'], stage: event?.['stage'], verb: event?.['verb'], '…': '…' },
  };
}

function jsonBlock(value: object): string {
  return block('json', JSON.stringify(value, null, 2));
}

function block(language: string, text: string): string {
  return `\`\`\`\`${language}\n${text}\n\`\`\`\``;
}
