/**
 * One text for one value of JSON: its keys sorted, since forwarders reorder them, and without members that are null,
 * since an absent value and null are one. Nothing is cut, or two values could have one text; and nothing recurses, since
 * JSON.parse reads what is nested deeper than a stack goes.
 */
export function canonicalText(content: unknown): string {
  const parts: string[] = [];
  const waiting: Waiting[] = [{ value: content }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if ('text' in next) parts.push(next.text);
    // the last that is put there is the next to be taken
    else for (const part of partsOf(next.value).reverse()) waiting.push(part);
  }
  return parts.join('');
}

/** What is still to be written: a value, or text that stands as it is. */
type Waiting = { readonly value: unknown } | { readonly text: string };

function partsOf(value: unknown): Waiting[] {
  if (Array.isArray(value)) {
    return [{ text: '[' }, ...value.flatMap((item) => [{ value: item }, { text: ',' }]), { text: ']' }];
  }
  if (typeof value !== 'object' || value === null) return [{ text: JSON.stringify(value ?? null) }];
  const members = Object.entries(value)
    .filter(([, member]) => member != null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, member]) => [{ text: `${JSON.stringify(key)}:` }, { value: member }, { text: ',' }]);
  return [{ text: '{' }, ...members, { text: '}' }];
}
