import type { Field, Schema } from '../kql/schema.ts';
import type { AuditRecord } from './audit-record.ts';
import {
  annotationOf,
  annotationPrefix,
  auditKeywords,
  auditPrefix,
  auditTypes,
  ecsFields,
  type FieldEntry,
  flags,
  openObjects,
  textAnnotations,
} from './field-table.ts';
import { leaves, valueReader, withoutEmpty } from './field-values.ts';

/** Readers of the fields that csrwatch derives, such as `csrwatch.phase`. */
export type OwnFields = Readonly<Record<string, OwnField>>;

export interface AuditSchemaOptions {
  /**
   * The cluster of every record; `null`: only the record itself names it, so that its text contains the name.
   * @default - also what the record came from may name it
   */
  readonly cluster?: string | null;
}

export interface OwnField {
  readonly read: (record: AuditRecord) => string | readonly string[] | undefined;
  /** Only a condition with its exact name reads it: the text of the record does not contain its value. @default false */
  readonly isOnlyNamed?: boolean;
  /** It may have several values. @default false */
  readonly isList?: boolean;
  /** The values that it can have. @default - any */
  readonly possible?: readonly string[];
  /** The value is a value of the event, unchanged. @default false */
  readonly isVerbatim?: boolean;
}

/** Reading an annotation searches all keys. */
const annotationCost = 4;
/** Reading a derived field reads the bodies. */
const ownFieldCost = 20;

/** The fields that a rule may name, their types, and how they are read. */
export function auditSchema(own: OwnFields, { cluster }: AuditSchemaOptions = {}): Schema<AuditRecord> {
  const fixed = new Map<string, Field<AuditRecord>>();
  for (const [name, entry] of Object.entries(ecsFields)) fixed.set(name, tableField(name, entry));
  const clusterField = 'orchestrator.cluster.name';
  const clusterEntry = ecsFields[clusterField];
  if (clusterEntry && cluster !== undefined) {
    const known = cluster === null ? { isVerbatim: true } : { constant: cluster };
    fixed.set(clusterField, tableField(clusterField, { ...clusterEntry, ...known }));
  }
  for (const [name, entry] of Object.entries(own)) fixed.set(name, ownField(name, entry));
  for (const path of [...auditKeywords, ...auditTypes.keys()]) {
    fixed.set(auditPrefix + path, auditField(path, 'listed'));
  }
  const parents = new Set([...fixed.keys()].flatMap(parentsOf));
  const made = new Map<string, Field<AuditRecord>>();
  const make = (name: string): Field<AuditRecord> => {
    if (name.startsWith(auditPrefix)) {
      return auditField(name.slice(auditPrefix.length), parents.has(name) ? 'parent' : 'unlisted');
    }
    if (!parents.has(name)) return absentField(name, false);
    const isEvent = auditPrefix.startsWith(`${name}.`);
    const read = ({ event }: AuditRecord) => (isEvent ? [event] : []);
    return { name, type: 'object', known: true, leaf: false, isVerbatim: false, read };
  };
  const field = (name: string): Field<AuditRecord> => {
    const found = fixed.get(name) ?? made.get(name) ?? make(name);
    // bounded, since an attacker can send any number of field names
    if (made.size < keptFields) made.set(name, found);
    return found;
  };
  const known = [...fixed.values()].filter(({ name }) => !own[name]?.isOnlyNamed);
  return {
    field,
    known,
    *present(record) {
      for (const entry of known) if (entry.read(record).length > 0) yield entry;
      for (const path of leaves(record.event)) {
        const name = auditPrefix + indexedPath(path);
        if (!fixed.has(name)) yield field(name);
      }
    },
    inside: ({ name }) => objectSchema((below) => field(`${name}.${below}`)),
  };
}

const keptFields = 10_000;

/** `a.b.c` has the parents `a` and `a.b`. */
function parentsOf(name: string): string[] {
  const keys = name.split('.');
  return keys.slice(1).map((_, index) => keys.slice(0, index + 1).join('.'));
}

function tableField(
  name: string,
  { type, read, constant, path, possible, isVerbatim = false }: FieldEntry,
): Field<AuditRecord> {
  return {
    name,
    type,
    known: true,
    leaf: true,
    read: (record) => withoutEmpty(read(record)),
    ...(constant === undefined ? {} : { constant }),
    isVerbatim: isVerbatim || path !== undefined,
    isSingle: path !== undefined || possible !== undefined,
    ...(possible ? { possible } : {}),
    ...(path ? { path } : {}),
  };
}

function ownField(
  name: string,
  { read, possible, isList = false, isVerbatim = false }: OwnField,
): Field<AuditRecord> {
  const values = (record: AuditRecord) => withoutEmpty(read(record));
  return {
    ...{ name, type: 'keyword', known: true, leaf: true, isVerbatim, isSingle: !isList },
    ...(possible ? { possible } : {}),
    readCost: ownFieldCost,
    read: values,
  };
}

function auditField(path: string, standing: 'listed' | 'parent' | 'unlisted'): Field<AuditRecord> {
  const name = auditPrefix + path;
  const isFlag = flags.some((flag) => path.endsWith(`.${flag}`));
  const known = standing !== 'unlisted' || isFlag || openObjects.some((open) => path.startsWith(`${open}.`));
  if (path.startsWith(annotationPrefix)) {
    const key = path.slice(annotationPrefix.length);
    const type = textAnnotations.some((end) => key.endsWith(end)) ? 'text' : 'keyword';
    const read = ({ event }: AuditRecord) => withoutEmpty(annotationOf(event, key));
    const leaf = standing === 'listed';
    return { name, type, known, leaf, isVerbatim: true, readCost: annotationCost, read };
  }
  // metadata is not part of the document, as in Elastic's pipeline
  if (/^(request|response)Object\.metadata(\.|$)/.test(path)) {
    return absentField(name, known);
  }
  const type = auditTypes.get(path) ?? (isFlag ? 'boolean' : 'keyword');
  const leaf = standing === 'listed' && type !== 'nested';
  const keys = path.split('.');
  const valuesIn = valueReader(keys);
  const isSingle = standing === 'listed' && type === 'keyword';
  const read = ({ event }: AuditRecord) => valuesIn(event);
  return { name, type, known, leaf, isVerbatim: true, isSingle, path: keys, read };
}

/** A field that no event has. */
function absentField(name: string, known: boolean): Field<AuditRecord> {
  return { name, type: 'keyword', known, leaf: true, isVerbatim: false, read: () => [] };
}

/** The fields of one object, typed as they are in the whole document. */
function objectSchema(outer: (name: string) => Field<AuditRecord>): Schema<unknown> {
  const field = (name: string): Field<unknown> => {
    const { type, known } = outer(name);
    return { name, type, known, leaf: false, isVerbatim: true, read: valueReader(name.split('.')) };
  };
  return {
    field,
    known: [],
    present: (object) => [...leaves(object)].map(field),
    inside: ({ name }) => objectSchema((below) => outer(`${name}.${below}`)),
  };
}

/** Elastic's pipeline replaces the dots of an annotation's key. */
function indexedPath(path: string): string {
  if (!path.startsWith(annotationPrefix)) return path;
  return annotationPrefix + path.slice(annotationPrefix.length).replaceAll('.', '_');
}
