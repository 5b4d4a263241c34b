/**
 * One text for equal JSON values. Keys are sorted, since forwarders reorder them, and null members are removed, since
 * null equals an absent value. Nothing is cut: different values must have different texts. Not recursive: JSON.parse
 * accepts deeper nesting than the call stack.
 */
export function canonicalText(content: unknown): string {
  const parts: string[] = [];
  const waiting: Waiting[] = [{ value: content }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if ('text' in next) parts.push(next.text);
    // a stack: the last part pushed is the next to be written
    else for (const part of partsOf(next.value).reverse()) waiting.push(part);
  }
  return parts.join('');
}

/** What remains to be written: a value, or literal text. */
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
