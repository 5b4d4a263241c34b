import type { EventFacts, Signal } from '../finding.ts';
import type { Reading } from '../read-request.ts';
import type { EksEvidence } from './eks-evidence.ts';

/** What a signal is read from. */
export interface Circumstances extends Omit<EventFacts, 'signals'> {
  readonly reading: Reading;
  readonly eks: EksEvidence;
}

/** One reason that makes a finding worse: its signal where it is there. Never throws. */
export type ReadSignal = (about: Circumstances) => Signal | undefined;

/** The request is on its way to a certificate, or has come to it; not denied, deleted or merely changed. */
export function isUnderWay({ phase }: Circumstances): boolean {
  return phase === 'requested' || phase === 'approved' || phase === 'decided' || phase === 'issued';
}

const evidenceItems = 10;
const evidenceCharacters = 256;

/** A text as evidence: its beginning, since whoever wrote it decides how long it is. */
export function short(text: string): string {
  return text.length > evidenceCharacters ? `${text.slice(0, evidenceCharacters)}…` : text;
}

/** The same for a list. */
export function few(texts: readonly string[]): string[] {
  return texts.slice(0, evidenceItems).map(short);
}

/** Some names in a sentence: the first of them, and how many more there are. */
export function inWords(texts: readonly string[]): string {
  const shown = texts.slice(0, 3).map(short).join(', ');
  return texts.length > 3 ? `${shown} and ${texts.length - 3} more` : shown;
}
