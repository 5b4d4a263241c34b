import {
  auditKeywords,
  auditPrefix,
  auditTypes,
  ecsFields,
  flags,
  textAnnotations,
} from '../lambda/audit/field-table.ts';
import { markdownTable, withBlock } from './generated-block.ts';

/** docs/kql.md with the table of fields. */
export function withFieldTable(page: string): string {
  const ecs = Object.entries(ecsFields).map(([name, { type, from }]) => [`\`${name}\``, type, from]);
  const audit = [...auditTypes].map(([path, type]) => [`\`${auditPrefix}${path}\``, type, `\`${path}\``]);
  const rows = [
    ...ecs,
    ...audit,
    [
      ending(`${auditPrefix}annotations.…`, textAnnotations),
      'text',
      'the annotations whose key has this ending',
    ],
    [ending(`${auditPrefix}….`, flags), 'boolean', 'the flag, anywhere in a body'],
    [`\`${auditPrefix}…\``, 'keyword', auditKeywords.map((path) => `\`${path}\``).join(', ')],
  ];
  return withBlock(page, 'fields', markdownTable(['field', 'type', 'read from'], rows));
}

function ending(start: string, ends: readonly string[]): string {
  return ends.map((end) => `\`${start}${end}\``).join(', ');
}
