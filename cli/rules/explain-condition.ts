import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { compile } from '../../lambda/kql/compile.ts';
import { print } from '../../lambda/kql/print.ts';
import type { Schema } from '../../lambda/kql/schema.ts';
import type { Query } from '../../lambda/kql/tree.ts';

/** A part of a condition, and whether it is true for an event. */
export interface ExplainedClause {
  readonly kind: Query['kind'];
  /** KQL. */
  readonly clause: string;
  readonly holds: boolean;
  /** The event's values of the fields that a single comparison names; an absent field has none. */
  readonly values?: Readonly<Record<string, readonly unknown[]>>;
  /** Of `and`, `or` and `not`. */
  readonly parts?: readonly ExplainedClause[];
}

/** Explains a condition. Each part is evaluated as the detector does: its text is compiled. */
export function explainCondition(
  query: Query,
  record: AuditRecord,
  schema: Schema<AuditRecord>,
): ExplainedClause {
  const clause = clauseText(query);
  const { kind } = query;
  const compiled = compile(clause, schema);
  const holds = compiled.ok && compiled.matches(record);
  switch (query.kind) {
    case 'everything':
      return { kind, clause, holds };
    case 'and':
    case 'or': {
      const field = listedField(query);
      if (field !== undefined) {
        return { kind, clause, holds, values: { [field]: schema.field(field).read(record) } };
      }
      return {
        kind,
        clause,
        holds,
        parts: query.children.map((child) => explainCondition(child, record, schema)),
      };
    }
    case 'not':
      return { kind, clause, holds, parts: [explainCondition(query.child, record, schema)] };
    case 'is':
    case 'range':
    case 'nested':
      return { kind, clause, holds, values: valuesOf(query.field, record, schema) };
  }
}

/** The text of a list already has its parentheses. */
function clauseText(query: Query): string {
  if (query.kind === 'not') return `not ${listText(query.child) ?? print(query).slice('not '.length)}`;
  return listText(query) ?? print(query);
}

/** A list of values of one field, as rules write it: `kubernetes.audit.verb:("create" or "update")`. */
function listText(query: Query): string | undefined {
  if (query.kind !== 'and' && query.kind !== 'or') return undefined;
  const [first] = query.children;
  if (listedField(query) === undefined || first?.kind !== 'is') return undefined;
  const start = print({ ...first, value: { kind: 'null', offset: 0 } }).slice(0, -'null'.length);
  return `${start}(${query.children.map((child) => print(child).slice(start.length)).join(` ${query.kind} `)})`;
}

/** The field that all comparisons of a list name. */
function listedField({ children }: Extract<Query, { kind: 'and' | 'or' }>): string | undefined {
  const names = children.map((child) =>
    child.kind === 'is' && child.field?.kind === 'text' ? child.field.text : undefined,
  );
  const [name] = names;
  return names.every((other) => other === name) ? name : undefined;
}

type Name = Extract<Query, { kind: 'range' }>['field'] | null;

function valuesOf(name: Name, record: AuditRecord, schema: Schema<AuditRecord>) {
  if (name?.kind === 'text') return { [name.text]: schema.field(name.text).read(record) };
  // every field that the wildcard names: the clause itself is enough
  return {};
}
