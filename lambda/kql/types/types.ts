import type { FieldType } from '../schema.ts';
import { boolean } from './boolean.ts';
import { date } from './date.ts';
import { integer } from './integer.ts';
import { ip } from './ip.ts';
import { keyword } from './keyword.ts';
import { text } from './text.ts';
import { never, ok, type ValueType } from './type.ts';

/** An object has no value of its own: it is present if a field below it is. */
const object: ValueType = {
  present: never,
  equal: () => ok(never),
  ordered: () => ok(never),
};

/** Every type and its operators. */
export const types: Readonly<Record<FieldType, ValueType>> = {
  keyword,
  text,
  integer,
  date,
  boolean,
  ip,
  nested: object,
  object,
};
