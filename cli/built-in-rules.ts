import { builtInRules, exceptionPath, predefinedNames } from '../lambda/rules/built-in.ts';

/** The given rule files, or the built-in rules. */
export function pathsOrBuiltIn(paths: readonly string[]): readonly string[] {
  return paths.length > 0 ? paths : [builtInRules];
}

/** The same with every predefined exception, for commands that read rule files and no logs. */
export function pathsOrEverythingBuiltIn(paths: readonly string[]): readonly string[] {
  return paths.length > 0 ? paths : [builtInRules, ...predefinedNames().map(exceptionPath)];
}
