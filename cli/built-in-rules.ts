import { builtInRules, exceptionPath, readyMadeNames } from '../lambda/rules/built-in.ts';

/** The rule files that were named, else those that ship with csrwatch. */
export function pathsOrBuiltIn(paths: readonly string[]): readonly string[] {
  return paths.length > 0 ? paths : [builtInRules];
}

/** The same with every ready-made exception, for what looks at files and not at logs. */
export function pathsOrEverythingBuiltIn(paths: readonly string[]): readonly string[] {
  return paths.length > 0 ? paths : [builtInRules, ...readyMadeNames().map(exceptionPath)];
}
