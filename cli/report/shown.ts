import { visible } from '../../lambda/channels/visible.ts';

/** A label and what is said under it. */
export type Fact = readonly [label: string, value: string];

export function present(facts: readonly (readonly [string, string | undefined])[]): Fact[] {
  return facts.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [[label, value] as const],
  );
}

/** The first of a list, and how many there are beyond. */
export function listed(items: readonly string[], keptItems: number, maxCharacters: number): string {
  const texts = items.slice(0, keptItems).map((item) => shown(item, maxCharacters) ?? '""');
  const more = items.length > keptItems ? [`and ${items.length - keptItems} more`] : [];
  return [...texts, ...more].join(', ');
}

/** Visible, and where it was cut a copy: a slice would keep the whole text in memory. */
export function shown(text: string | undefined, maxCharacters = 300): string | undefined {
  if (text === undefined || text === '') return undefined;
  const cut = visible(text, maxCharacters);
  return text.length > maxCharacters ? Buffer.from(cut).toString() : cut;
}
