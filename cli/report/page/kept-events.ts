import { type Severity, severities } from '../../../lambda/findings/finding.ts';
import { isInvisibleOrReordering } from '../../../lambda/text/visible-text.ts';

/** The events of a page as JSON, in bounded memory: those of the most severe findings, the earliest first. */
export interface KeptEvents {
  add(event: object, digest: string, severity: Severity): void;
  /** `undefined` if the event is not kept. */
  textOf(digest: string): string | undefined;
}

/** Some 2,800 events. A browser takes 20 ms to read a mebibyte. */
const defaultMaxBytes = 12 * 2 ** 20;
/** An event can be as large as the API server allows: megabytes. */
const maxCharacters = 64 * 2 ** 10;

export function createKeptEvents(maxBytes = defaultMaxBytes): KeptEvents {
  const bySeverity = severities.map(() => new Map<string, Buffer>());
  let bytes = 0;
  const isLess = (index: number, severity: Severity) =>
    index < severities.indexOf(severity) && (bySeverity[index]?.size ?? 0) > 0;
  /** Removes an event of a lower severity. @returns whether there was one */
  const dropLess = (severity: Severity): boolean => {
    const lowest = bySeverity.find((_, index) => isLess(index, severity));
    for (const [digest, text] of lowest ?? []) {
      bytes -= text.length;
      lowest?.delete(digest);
      return true;
    }
    return false;
  };
  const find = (digest: string) => bySeverity.find((texts) => texts.has(digest));
  return {
    add(event, digest, severity) {
      const known = find(digest);
      const text = known?.get(digest);
      const kept = bySeverity[severities.indexOf(severity)];
      if (known && text && kept) {
        // the event has a finding of another rule: its severity counts if it is higher
        if (bySeverity.indexOf(known) >= bySeverity.indexOf(kept)) return;
        known.delete(digest);
        kept.set(digest, text);
        return;
      }
      if (bytes >= maxBytes && !bySeverity.some((_, index) => isLess(index, severity))) return;
      const added = Buffer.from(eventText(event));
      while (bytes + added.length > maxBytes && dropLess(severity));
      if (bytes + added.length > maxBytes) return;
      kept?.set(digest, added);
      bytes += added.length;
    },
    textOf: (digest) => find(digest)?.get(digest)?.toString(),
  };
}

const printableAscii = /^[\n\x20-\x7e]*$/;
/** With more combining marks, a letter covers the lines above and below it. */
const maxMarks = 2;

/** JSON in which every character is visible: others are escapes, which a reader of JSON decodes to the same value. */
export function eventText(event: object): string {
  const text = jsonOf(event);
  if (text === undefined) return '(nested too deeply to be shown)';
  const cut = text.slice(0, maxCharacters);
  const shown = printableAscii.test(cut) ? cut : visibleJson(cut);
  return text.length > maxCharacters ? `${shown}\n… (${text.length} characters)` : shown;
}

function visibleJson(text: string): string {
  let shown = '';
  let marks = 0;
  for (const character of text) {
    marks = /\p{M}/u.test(character) ? marks + 1 : 0;
    const isHidden = (character !== '\n' && isInvisibleOrReordering(character)) || marks > maxMarks;
    shown += isHidden ? unitEscapes(character) : character;
  }
  return shown;
}

function unitEscapes(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}

/** `undefined` if it is nested too deeply: JSON.parse reads deeper nesting than JSON.stringify writes. */
function jsonOf(event: object): string | undefined {
  try {
    return isIndentable(event) ? JSON.stringify(event, null, 1) : JSON.stringify(event);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Each level of nesting indents all lines inside it, so with thousands of levels most of the text would be spaces. */
const maxIndentedLevels = 50;

function isIndentable(event: object): boolean {
  const waiting: { value: unknown; level: number }[] = [{ value: event, level: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, level } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (level > maxIndentedLevels) return false;
    for (const member of Object.values(value)) waiting.push({ value: member, level: level + 1 });
  }
  return true;
}
