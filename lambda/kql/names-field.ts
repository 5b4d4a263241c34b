import type { Query } from './tree.ts';

/** Whether a query names a field that begins with `prefix`. */
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
    case 'range':
    case 'nested':
      return query.field?.kind === 'text' && query.field.text.startsWith(prefix);
  }
}
