import { builtInRules } from '../lambda/rules/built-in.ts';
import { loadRules } from '../lambda/rules/load-rules.ts';

const table = /(<!-- rules: [^>]*-->\n).*?(<!-- \/rules -->)/s;

/** The page with the table of the rules that ship with csrwatch, written anew. */
export function withRuleTable(page: string): string {
  const loaded = loadRules([builtInRules]);
  if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
  const rows = loaded.rules.map(({ definition: { info, file } }) => {
    const severity = `${info.severity}, ${info.riskScore}`;
    return `| [${info.id}](../rules/${file}) | ${severity} | ${firstSentence(info.description ?? info.name)} |\n`;
  });
  return page.replace(
    table,
    (_, begin, end) => `${begin}| rule | severity, risk | |\n| --- | --- | --- |\n${rows.join('')}${end}`,
  );
}

function firstSentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return /^.*?[.:](?= |$)/.exec(line)?.[0].replace(/:$/, '.') ?? line;
}
