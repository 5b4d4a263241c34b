import { z } from 'zod';
import { configSchema, sourceAccountSchema } from '../infra/config/config-schema.ts';

/** The part of JSON Schema that zod writes of the configuration. */
interface Field {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Field>>;
  readonly required?: readonly string[];
  readonly items?: Field;
  readonly anyOf?: readonly Field[];
  readonly additionalProperties?: Field | false;
}

/**
 * The configuration as TypeScript declarations, so that the package's types don't depend on zod. Called by `npm run docs`.
 */
export function configInputModule(): string {
  return [
    '// Written by `npm run docs` from config-schema.ts.\n',
    '/** What `csrwatch.config.ts` exports as its default, and what `CsrWatchStack` takes. */',
    `export interface ConfigInput ${typeOf(jsonSchema(configSchema), '')}\n`,
    "/** The same for a source account, whose log groups are sent to the central account's stream. */",
    `export interface SourceAccountConfigInput ${typeOf(jsonSchema(sourceAccountSchema), '')}\n`,
  ].join('\n');
}

function jsonSchema(schema: z.ZodType): Field {
  return JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input' })));
}

function typeOf(field: Field, indent: string): string {
  if (field.const !== undefined) return JSON.stringify(field.const);
  if (field.enum) return field.enum.map((one) => literal(one)).join(' | ');
  if (field.anyOf) return field.anyOf.map((one) => typeOf(one, indent)).join(' | ');
  switch (field.type) {
    case 'array':
      return `readonly (${typeOf(field.items ?? {}, indent)})[]`;
    case 'object':
      return objectType(field, indent);
    case 'integer':
      return 'number';
    default:
      return field.type ?? 'unknown';
  }
}

function objectType({ properties, required = [], additionalProperties }: Field, indent: string): string {
  if (!properties) {
    return `Readonly<Record<string, ${additionalProperties ? typeOf(additionalProperties, indent) : 'unknown'}>>`;
  }
  const inner = `${indent}  `;
  const lines = Object.entries(properties).flatMap(([name, field]) => {
    const optional = !required.includes(name);
    const type = typeOf(field, inner);
    return [
      ...comment(field, optional, inner),
      `${inner}readonly ${name}${optional ? '?' : ''}: ${type}${optional ? ' | undefined' : ''};`,
    ];
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

/** `…; if absent, X` becomes the tag `@default - X`, as CDK writes it. */
function comment({ description = '', default: value }: Field, optional: boolean, indent: string): string[] {
  const [text = '', absent] = description.split('; if absent, ');
  const byDefault = absent ?? (typeof value === 'object' || value === undefined ? 'none' : undefined);
  const tag = byDefault === undefined ? `@default ${literal(value)}` : `@default - ${byDefault}`;
  const sentence = text === '' ? [] : [`${text.charAt(0).toUpperCase()}${text.slice(1)}.`];
  const lines = [...sentence, ...(optional ? [tag] : [])];
  if (lines.length === 0) return [];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`];
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
