import { parse, TomlError } from 'smol-toml';
import { isObject } from '../json/read-json.ts';

export type TomlTable = Readonly<Record<string, unknown>>;

export type TomlDocument =
  | { readonly ok: true; readonly document: TomlTable }
  | { readonly ok: false; readonly message: string; readonly line: number; readonly column: number };

export function parseToml(text: string): TomlDocument {
  try {
    // some editors write a byte order mark at the start of a file
    const document: unknown = parse(text.replace(/^\ufeff/, ''));
    return { ok: true, document: isObject(document) ? document : {} };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column } = error;
    return { ok: false, message: error.message.split('\n')[0] ?? '', line, column };
  }
}

/** Keys that a table of csrwatch does not have: a misspelled key would otherwise have no effect. */
export function unknownKeys(table: unknown, known: readonly string[]): string[] {
  return isObject(table) ? Object.keys(table).filter((key) => !known.includes(key)) : [];
}
