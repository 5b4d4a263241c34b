/**
 * The filter of a CloudWatch Logs subscription: it searches the text of each log event for the prefilter literals.
 *
 * A JSON pattern would be more precise, but it never matches a log event that was cut off or split, that is in a
 * forwarder's envelope, or that is a line of the legacy format. Terms and regular expressions search any text.
 *
 * AWS documents that a regular expression matches inside a word (`%AUTHORIZED%` finds UNAUTHORIZED) and does not
 * document it for a term. So terms are only used if every literal is a whole word: if it is always between quotes,
 * slashes, backslashes or spaces. That is also the cheaper form, because a log group takes five regular expressions.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 *
 * The filter is sound for events as Go's encoder writes them. A writer that escapes letters (`\u0063` for `c`) hides a
 * literal from it, although not from the prefilter.
 */
import type { PrefilterLiteral } from './prefilter-literal.ts';

/** CloudWatch Logs accepts no longer pattern. */
const maxPatternLength = 1_024;

export type SubscriptionFilter =
  | { readonly kind: 'terms' | 'expression'; readonly pattern: string }
  /** Every log event is delivered. */
  | { readonly kind: 'everything'; readonly pattern: ''; readonly reason: string };

/** @param phrases - other texts whose log events must be delivered; each is a whole phrase wherever it occurs */
export function subscriptionFilter(
  literals: readonly PrefilterLiteral[],
  phrases: readonly string[] = [],
): SubscriptionFilter {
  if (literals.length === 0) return everything('no rule can match');
  const anyCase = literals.find(({ ignoreCase }) => ignoreCase);
  if (anyCase)
    return everything(`a filter is case-sensitive, and a rule matches ${anyCase.text} in any case`);
  const texts = [...literals.map(({ text }) => text), ...phrases];
  const isWholeWords = literals.every(({ isWholeWord }) => isWholeWord);
  const pattern = isWholeWords ? terms(texts) : expression(texts);
  if (pattern.length > maxPatternLength) {
    return everything(
      `the pattern would have ${pattern.length} characters; the limit is ${maxPatternLength}`,
    );
  }
  return { kind: isWholeWords ? 'terms' : 'expression', pattern };
}

export function everything(reason: string): SubscriptionFilter {
  return { kind: 'everything', pattern: '', reason };
}

/** `?` makes a term optional: one of them has to match. */
function terms(texts: readonly string[]): string {
  const optional = texts.length > 1 ? '?' : '';
  return texts.map((text) => `${optional}"${text}"`).join(' ');
}

/** A dot for every character that has a meaning or that a version of the documentation does not list. */
function expression(texts: readonly string[]): string {
  return `%${texts.map((text) => text.replaceAll(/[^A-Za-z0-9_-]/g, '.')).join('|')}%`;
}
