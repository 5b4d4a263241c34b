import { fileURLToPath } from 'node:url';

/** The folder of the rules that ship with csrwatch. */
const builtInRules = fileURLToPath(new URL('../rules', import.meta.url));

/** The rule files that were named, else those that ship with csrwatch. */
export function pathsOrBuiltIn(paths: readonly string[]): readonly string[] {
  return paths.length > 0 ? paths : [builtInRules];
}
