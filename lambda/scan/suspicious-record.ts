import type { SearchedText } from '../framing/search-patterns.ts';
import { isObject } from '../json/read-json.ts';

/**
 * A record that holds a literal and no event is suspicious: it may be an event in a shape that is not read. Plain text
 * that other components log is not, even inside a forwarder's JSON: `{"log":"Trace[1]: url:/apis/…"}`.
 */
export type HoldsLiteral = (text: string) => boolean;

/** Something of an audit event in a text. The API server's own lines spell it `audit-ID` or `audit-id`. */
const partOfEvent = /audit_?ID\b|audit\.k8s\.io|"requestURI\\*"/i;
/** A word, a name or a path, as a field of an event holds it. */
const isSentence = /\S\s+\S/;
/** Deeper values count as suspicious without a look. */
const maxLevels = 100;

/** @param literals - `null`: a rule may match any record, as if each contained a literal */
export function literalTest(literals: readonly SearchedText[] | null): HoldsLiteral {
  if (literals === null) return () => true;
  const anyCase = literals.map((literal) =>
    typeof literal === 'string' ? literal : literal.ignoreCase.toLowerCase(),
  );
  const holds = (text: string) => {
    const lowerCase = text.toLowerCase();
    return literals.some((literal, index) =>
      typeof literal === 'string' ? text.includes(literal) : lowerCase.includes(anyCase[index] ?? ''),
    );
  };
  return (text) => holds(text) || (/\\u00|%/i.test(text) && holds(unescaped(text)));
}

/** @param content - of a record that is not an audit event: its text, or the value that was parsed */
export function isSuspicious(content: unknown, holdsLiteral: HoldsLiteral): boolean {
  return typeof content === 'string'
    ? partOfEvent.test(content) && holdsLiteral(content)
    : hasSuspiciousValue(content, holdsLiteral, maxLevels);
}

function hasSuspiciousValue(value: unknown, holdsLiteral: HoldsLiteral, levels: number): boolean {
  if (typeof value === 'string') {
    return (!isSentence.test(value) || partOfEvent.test(value)) && holdsLiteral(value);
  }
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (isObject(value) && Object.keys(value).some(holdsLiteral)) return true;
  return Object.values(value).some((inner) => hasSuspiciousValue(inner, holdsLiteral, levels - 1));
}

/** Without the escapes of JSON, at any depth of JSON in strings, and of URIs. */
function unescaped(text: string): string {
  const character = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16));
  return text.replace(/\\+u00([\da-f]{2})/gi, character).replace(/%([\da-f]{2})/gi, character);
}
