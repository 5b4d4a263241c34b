import { parse, TomlError } from 'smol-toml';
import { isObject } from '../audit/read.ts';

export type TomlDocument =
  | { readonly ok: true; readonly document: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly error: string };

/** @param file - stands before the message, with line and column */
export function parseToml(text: string, file: string): TomlDocument {
  try {
    const document: unknown = parse(text);
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
