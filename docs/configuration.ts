import { z } from 'zod';
import { configSchema, sourceAccountSchema } from '../infra/config/config-schema.ts';

const start = '<!-- configuration: written by `npm run docs` from infra/config/config-schema.ts -->\n';
const end = '<!-- /configuration -->';

/** The part of JSON Schema that zod writes of the configuration. */
interface Field {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Field>>;
  readonly required?: readonly string[];
  readonly items?: Field;
  readonly anyOf?: readonly Field[];
  /** Ours, in `meta`. */
  readonly takes?: string;
}

/** The tables of fields that docs/configuration.md shows, between its marks. */
export function withConfigurationTables(page: string): string {
  const from = page.indexOf(start) + start.length;
  return `${page.slice(0, from)}${tables()}${page.slice(page.indexOf(end))}`;
}

function tables(): string {
  return [
    ...sections('The detector', fieldsOf(configSchema)),
    ...sections('A source account', fieldsOf(sourceAccountSchema), ['logGroups']),
  ].join('\n');
}

function fieldsOf(schema: z.ZodType): Field {
  return JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input' })));
}

/** A table of the fields, and one for each field that has fields itself. @param known - documented elsewhere */
function sections(title: string, field: Field, known: readonly string[] = []): string[] {
  const inner = Object.entries(field.properties ?? {}).flatMap(([name, child]) => {
    const nested = objectIn(child);
    const isList = child.items !== undefined;
    return nested === undefined || known.includes(name)
      ? []
      : sections(`\`${name}${isList ? '[]' : ''}\``, nested);
  });
  return [`### ${title}\n`, table(field), ...inner];
}

function table({ properties = {}, required = [] }: Field): string {
  const rows = Object.entries(properties).map(([name, field]) => [
    `\`${name}\``,
    takes(name, field),
    required.includes(name) ? '**required**' : byDefault(field),
    field.description ?? '',
  ]);
  const all = [['field', 'type', 'default', 'meaning'], ['---', '---', '---', '---'], ...rows];
  return `${all.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
}

function takes(name: string, field: Field): string {
  if (field.takes !== undefined) return field.takes;
  if (field.enum) return field.enum.map((one) => `\`${one}\``).join(', ');
  if (field.items) {
    const texts = field.items.anyOf?.some(({ type }) => type === 'string') ? 'strings or ' : '';
    return `${texts}objects: see \`${name}[]\``;
  }
  switch (field.type) {
    case 'string':
      return 'a string';
    case 'integer':
      return 'a number';
    case 'boolean':
      return '`true`, `false`';
    default:
      return `an object: see \`${name}\``;
  }
}

function byDefault({ default: value }: Field): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '';
  return typeof value === 'object' ? '' : `\`${value}\``;
}

/** What a field, or each item of its list, has of fields; `takes` describes a secret's name instead. */
function objectIn(field: Field): Field | undefined {
  const choices = [field, field.items, ...(field.items?.anyOf ?? [])];
  return choices.find((one) => one?.properties !== undefined && !('secret' in one.properties));
}
