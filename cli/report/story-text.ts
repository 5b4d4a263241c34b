import type { Fact } from '../../lambda/findings/finding-facts.ts';
import type { Entry } from './story-entry.ts';

/** The number of steps in a story's title. */
const titleSteps = 8;

/** A creation may be logged without the name that the API server generated. */
export function titleOf(entries: readonly Entry[]): string {
  return (entries.find(({ csr }) => csr?.name !== undefined) ?? entries[0])?.title ?? '';
}

/** `requested → approved → issued`. */
export function stepsOf(entries: readonly Entry[]): string {
  const steps: { text: string; times: number }[] = [];
  const writes = entries.filter(({ isRead }) => !isRead);
  for (const { action, mark } of writes.length > 0 ? writes : entries) {
    const text = mark === '' ? action : `${action} (${mark})`;
    const last = steps.at(-1);
    if (last?.text === text) last.times += 1;
    else steps.push({ text, times: 1 });
  }
  const texts = steps.map(({ text, times }) => (times === 1 ? text : `${text} ×${times}`));
  const shown = texts.length > titleSteps ? [...texts.slice(0, titleSteps - 1), '…', texts.at(-1)] : texts;
  return shown.join(' → ');
}

/** The first value of each fact: a request does not change. */
export function factsOf(entries: readonly Entry[]): Fact[] {
  const facts = new Map<string, string>();
  for (const [label, value] of entries.flatMap((entry) => entry.facts)) {
    if (!facts.has(label)) facts.set(label, value);
  }
  return [...facts];
}

/** Equal requests that follow each other and have no finding are one line: clients poll. */
export function folded(entries: readonly Entry[]): { readonly entry: Entry; readonly times: number }[] {
  const lines: { entry: Entry; times: number }[] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    const isSame =
      last && entry.isContext && last.entry.isContext && sameText(entry) === sameText(last.entry);
    if (isSame) last.times += 1;
    else lines.push({ entry, times: 1 });
  }
  return lines;
}

function sameText({ action, mark, code, who, from, userAgent, isRead }: Entry): string {
  return JSON.stringify([action, mark, code, who, from, userAgent, isRead]);
}
