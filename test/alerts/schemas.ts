import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isObject } from '../../lambda/json/read-json.ts';

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

/** The violations of a schema by a value. */
type Complaints = (value: unknown) => readonly string[];

export const amazonQComplaints = complaints(
  '../fixtures/alerts/amazon-q-custom-notification-1.0.schema.json',
);
export const alarmComplaints = complaints('../fixtures/alerts/cloudwatch-alarm.schema.json');

/** The published schemas: properties may be added. */
export const findingComplaints = complaints('../../docs/finding.schema.json');
export const scanComplaints = complaints('../../docs/scan.schema.json', ['../../docs/finding.schema.json']);

/** The same without additional properties: every property of a finding is documented. */
export const undocumented = ajvOf([closed(read('../../docs/finding.schema.json'))], 'finding.schema.json');

function complaints(path: string, others: readonly string[] = []): Complaints {
  const schema = read(path);
  return ajvOf([...others.map(read), { $id: 'checked', ...schema }], schema.$id ?? 'checked');
}

function ajvOf(schemas: readonly object[], id: string): Complaints {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    schemas: [...schemas],
  });
  return (value) => {
    const validate = ajv.getSchema(id);
    if (!validate) throw new Error(`no schema ${id}`);
    validate(value);
    return (validate.errors ?? []).map(
      ({ instancePath, message = '', params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}

/** The same schema without additional properties. */
function closed(schema: unknown): object {
  return Object(close(schema));
}

function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close);
  if (!isObject(schema)) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, close(value)]));
  return isObject(schema['properties']) && schema['type'] === 'object' && !('additionalProperties' in schema)
    ? { ...inner, additionalProperties: false }
    : inner;
}
