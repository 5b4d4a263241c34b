import type { RuleSet } from '../../lambda/rules/rule.ts';
import type { CompiledScanRules, ScanRules } from './compile-scan-rules.ts';
import { prebuiltRules } from './prebuilt-rules.ts';
import type { ScanOptions } from './scan-options.ts';

/** What a scan needs to begin. */
export type ChosenRules =
  | {
      readonly ok: true;
      /** At least one of these is in the bytes of every record that a rule or a marker can match; `null`: there are none. */
      readonly literals: RuleSet['literals'];
      /** Whether a rule is about the uses of issued certificates. */
      readonly followsCertificates: boolean;
      /** Compiles the rules when they are needed first: most records hold no literal. */
      compiled(): Promise<ScanRules>;
      /** Warnings. */
      readonly messages: readonly string[];
    }
  | { readonly ok: false; readonly messages: readonly string[] };

/**
 * The built-in rules of the package were read and compiled when it was built, so a scan begins at once. Others are compiled
 * first, since their errors end the scan.
 * @param stories - whether all events of CSRs are needed, also those that no rule matches
 */
export async function chooseRules(options: ScanOptions, stories: boolean): Promise<ChosenRules> {
  const prebuilt = isOnlyBuiltIn(options) ? prebuiltRules() : undefined;
  if (prebuilt) {
    const { literals, followsCertificates, definitions } = prebuilt;
    const compile = async () => {
      const { compileScanRules } = await import('./compile-scan-rules.ts');
      return orThrow(compileScanRules(definitions, options, stories));
    };
    let compiling: Promise<ScanRules> | undefined;
    const compiled = () => {
      compiling ??= compile();
      return compiling;
    };
    return { ok: true, literals, followsCertificates, compiled, messages: [] };
  }
  const loaded = await loadedRules(options, stories);
  if (!loaded.ok) return loaded;
  const { literals, useRules } = loaded.ruleSet;
  const followsCertificates = useRules.length > 0;
  return { ok: true, literals, followsCertificates, compiled: async () => loaded, messages: loaded.messages };
}

async function loadedRules(options: ScanOptions, stories: boolean): Promise<CompiledScanRules> {
  const { loadDefinitions } = await import('./load-definitions.ts');
  const { compileScanRules } = await import('./compile-scan-rules.ts');
  const loaded = loadDefinitions(options);
  return loaded.ok ? compileScanRules(loaded.definitions, options, stories, loaded.warnings) : loaded;
}

/** Without anything that the user names. */
function isOnlyBuiltIn({ query, rulePaths, only, exceptions, filters }: ScanOptions): boolean {
  const { actor, certificate } = filters;
  const named = [...rulePaths, ...only, ...exceptions];
  return query === undefined && actor === undefined && certificate === undefined && named.length === 0;
}

/** Rules that compiled when the package was built. */
function orThrow(compiled: CompiledScanRules): ScanRules {
  if (!compiled.ok) throw new Error(compiled.messages.join('\n'));
  return compiled;
}
