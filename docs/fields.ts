import {
  auditKeywords,
  auditPrefix,
  auditTypes,
  ecsFields,
  flags,
  textAnnotations,
} from '../lambda/audit/field-table.ts';

const start = /<!-- fields: .* -->\n/;
const end = '<!-- /fields -->';

/** The table of fields that docs/kql.md shows, between its marks. */
export function withFieldTable(page: string): string {
  const [mark = ''] = start.exec(page) ?? [];
  const from = page.indexOf(mark) + mark.length;
  return `${page.slice(0, from)}${fieldTable()}${page.slice(page.indexOf(end))}`;
}

function fieldTable(): string {
  const ecs = Object.entries(ecsFields).map(([name, { type, from }]) => [`\`${name}\``, type, from]);
  const audit = [...auditTypes].map(([path, type]) => [`\`${auditPrefix}${path}\``, type, `\`${path}\``]);
  const keywords = auditKeywords.map((path) => `\`${path}\``).join(', ');
  const rows = [
    ['field', 'type', 'read from the event'],
    ['---', '---', '---'],
    ...ecs,
    ...audit,
    [ending(`${auditPrefix}annotations.…`, textAnnotations), 'text', 'annotations whose key ends so'],
    [ending(`${auditPrefix}….`, flags), 'boolean', 'wherever the flag stands in a body'],
    [`\`${auditPrefix}…\``, 'keyword', keywords],
  ];
  return `${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
}

function ending(start: string, ends: readonly string[]): string {
  return ends.map((end) => `\`${start}${end}\``).join(', ');
}
