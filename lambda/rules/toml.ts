import { parse, TomlError } from 'smol-toml';
import { isObject } from '../json/read-json.ts';

export type TomlTable = Readonly<Record<string, unknown>>;

export type TomlDocument =
  | { readonly ok: true; readonly document: TomlTable }
  | { readonly ok: false; readonly error: string };

/** @param file - stands before the message, with line and column */
export function parseToml(text: string, file: string): TomlDocument {
  try {
    // some editors begin a file with a byte order mark
    const document: unknown = parse(text.replace(/^\ufeff/, ''));
    return { ok: true, document: isObject(document) ? document : {} };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { ok: false, error: `${file}:${error.line}:${error.column}: ${error.message.split('\n')[0]}` };
  }
}

/** Keys that a table of ours doesn't know: a misspelt one would be a wish that nobody hears. */
export function unknownKeys(table: unknown, known: readonly string[]): string[] {
  return isObject(table) ? Object.keys(table).filter((key) => !known.includes(key)) : [];
}
