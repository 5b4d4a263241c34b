import { builtInRules, exceptionPath, predefinedNames } from '../lambda/rules/built-in.ts';
import { loadRules } from '../lambda/rules/load-rules.ts';
import { markdownTable, withBlock } from './generated-block.ts';

const baseRule = 'kubernetes-csr-created-or-approved';
const canaryRule = 'csrwatch-canary';

/** docs/rules.md with the table of the built-in rules. */
export function withRuleTable(page: string): string {
  const rows = definitions().map(({ info, file }) => [
    `[${info.id}](../rules/${file})`,
    `${info.severity}, ${info.riskScore}`,
    firstSentence(info.description ?? info.name),
  ]);
  return withBlock(page, 'rules', markdownTable(['rule', 'severity, risk score', 'meaning'], rows));
}

/** The page with the table of the predefined exceptions. */
export function withExceptionTable(page: string): string {
  const loaded = loadRules([builtInRules, ...predefinedNames().map(exceptionPath)]);
  if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
  const rows = loaded.exceptions.map(({ exception: { name, reason } }) => [`\`${name}\``, reason]);
  return withBlock(page, 'exceptions', markdownTable(['exception', 'reason'], rows));
}

export function companionRuleCount(): number {
  return definitions().filter(({ info }) => ![baseRule, canaryRule].includes(info.id)).length;
}

function definitions() {
  const loaded = loadRules([builtInRules]);
  if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
  return loaded.rules.map(({ definition }) => definition);
}

function firstSentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return /^.*?[.:](?= |$)/.exec(line)?.[0].replace(/:$/, '.') ?? line;
}
