import type { Show } from './visible-text.ts';

/** The first items of a list, and the number of the others. */
export function listText(items: readonly string[], shownItems: number, show: Show): string {
  const shown = items.slice(0, shownItems).map((item) => show(item, 120));
  const more = items.length > shownItems ? [`and ${items.length - shownItems} more`] : [];
  return [...shown, ...more].join(shownItems === 1 ? ' ' : ', ');
}
