import type { Name, Query } from './tree.ts';

/** Whether a query may read a field whose name begins with `prefix`. A term without a field reads all of them. */
export function namesField(query: Query, prefix: string): boolean {
  switch (query.kind) {
    case 'everything':
      return false;
    case 'and':
    case 'or':
      return query.children.some((child) => namesField(child, prefix));
    case 'not':
      return namesField(query.child, prefix);
    case 'is':
      return query.field === null || mayBegin(query.field, prefix);
    case 'range':
    case 'nested':
      return mayBegin(query.field, prefix);
  }
}

function mayBegin(name: Name, prefix: string): boolean {
  if (name.kind === 'text') return name.text.startsWith(prefix);
  const [start = ''] = name.parts;
  return start.startsWith(prefix) || prefix.startsWith(start);
}
