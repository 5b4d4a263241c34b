import { jsonText } from '../json/json-text.ts';
import { isObject } from '../json/read-json.ts';
import type { Finding } from './finding.ts';
import { lastResort, truncations } from './truncate-finding.ts';

/** The version of docs/finding.schema.json. */
const schemaVersion = '1.0';

/** The JSON of a finding of any size. Only a finding that is nested too deeply to be written is truncated. */
export function findingText(finding: Finding): string {
  return jsonOf({ schemaVersion, ...finding }) ?? truncatedText(finding, Number.POSITIVE_INFINITY);
}

/** The JSON of a finding in at most so many bytes, truncated if it is larger. */
export function findingTextWithin(finding: Finding, maxBytes: number): string {
  return jsonWithin({ schemaVersion, ...finding }, maxBytes) ?? truncatedText(finding, maxBytes);
}

function truncatedText(finding: Finding, maxBytes: number): string {
  for (const truncation of truncations(finding)) {
    const text = jsonWithin({ schemaVersion, ...truncation() }, maxBytes);
    if (text !== undefined) return text;
  }
  return jsonText({ schemaVersion, ...lastResort(finding) });
}

/** `undefined` if it is nested too deeply: JSON.parse reads deeper nesting than JSON.stringify writes. */
function jsonOf(value: object): string | undefined {
  try {
    return jsonText(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `undefined` if it is larger. A value that is much too large is not written to find that out. */
function jsonWithin(value: object, maxBytes: number): string | undefined {
  if (hasMoreCharacters(value, maxBytes)) return undefined;
  const text = jsonOf(value);
  return text !== undefined && Buffer.byteLength(text) <= maxBytes ? text : undefined;
}

/** Whether the strings in it are longer in total. Not recursive, since it may be nested deeply. */
function hasMoreCharacters(value: unknown, maxCharacters: number): boolean {
  let characters = 0;
  const waiting = [value];
  while (waiting.length > 0 && characters <= maxCharacters) {
    const item = waiting.pop();
    if (typeof item === 'string') characters += item.length;
    else if (Array.isArray(item)) for (const member of item) waiting.push(member);
    else if (isObject(item)) for (const member of Object.values(item)) waiting.push(member);
  }
  return characters > maxCharacters;
}
