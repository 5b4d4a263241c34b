import { quoted } from '../../text/quoted-text.ts';
import type { EventFacts, Signal } from '../finding.ts';
import type { Reading } from '../read-request.ts';

/** What a signal is derived from. */
export interface Circumstances extends Omit<EventFacts, 'signals'> {
  readonly reading: Reading;
}

/** One reason that makes a finding more serious; `undefined` if it does not apply. Never throws. */
export type ReadSignal = (about: Circumstances) => Signal | undefined;

/** The request may still lead to a certificate, or has; it was not denied, deleted or merely changed. */
export function isUnderWay({ phase }: Circumstances): boolean {
  return phase === 'requested' || phase === 'approved' || phase === 'decided' || phase === 'issued';
}

const evidenceItems = 10;
const evidenceCharacters = 256;

/** A text as evidence: only its beginning, since an attacker chooses its length. */
export function short(text: string): string {
  return text.length > evidenceCharacters ? `${text.slice(0, evidenceCharacters)}…` : text;
}

/** The same for a list. */
export function few(texts: readonly string[]): string[] {
  return texts.slice(0, evidenceItems).map(short);
}

/** A sentence holds up to four names, and a rendering cuts it at 500 characters: a quotation must end before. */
const namedCharacters = 80;

/** A name of the log in a sentence. */
export function named(text: string): string {
  return quoted(text, namedCharacters);
}

/** Several names in a sentence: the first three, and the number of the others. */
export function inWords(texts: readonly string[]): string {
  const shown = texts.slice(0, 3).map(named).join(', ');
  return texts.length > 3 ? `${shown} and ${texts.length - 3} more` : shown;
}
