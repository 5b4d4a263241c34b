import type { AuditEvent } from '../audit/audit-record.ts';
import { at, isObject, stringAt } from '../json/read-json.ts';

/**
 * Applies a JSON patch (RFC 6902) to an object that the log does not contain. Only what the patch itself sets is known,
 * so the result holds that and nothing else. An operation whose effect depends on the missing object makes the result
 * unknown: a wrong guess would let the author of a patch choose what the alert says.
 */

/** The API server refuses a patch with more operations (maxJSONPatchOperations in apiserver's patch handler). */
const maxOperations = 10_000;
/** No field that a finding reads is deeper; a longer path belongs to another field. */
const maxPathParts = 8;
const maxPathCharacters = 4_096;

/** @returns what the patch sets, or `undefined` if that cannot be known without the object */
export function appliedPatch(patch: readonly unknown[]): AuditEvent | undefined {
  if (patch.length > maxOperations) return undefined;
  const partialLists = new WeakSet<readonly unknown[]>();
  let document: AuditEvent = {};
  for (const operation of patch) {
    const edit = editOf(operation, partialLists);
    const next = edit === 'none' ? document : edit && edited(document, edit);
    if (!next) return undefined;
    document = next;
  }
  return document;
}

interface Edit {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: readonly string[];
  readonly value: unknown;
  /** Lists whose first items are unknown, because only the stored object has them. */
  readonly partialLists: WeakSet<readonly unknown[]>;
}

function editOf(operation: unknown, partialLists: Edit['partialLists']): Edit | 'none' | undefined {
  const op = stringAt(operation, 'op');
  const path = pathOf(operation);
  if (path === undefined) return undefined;
  switch (op) {
    case 'test':
      return 'none';
    case 'add':
    case 'replace':
      if (!isObject(operation) || !Object.hasOwn(operation, 'value')) return undefined;
      return { op, path, value: at(operation, 'value'), partialLists };
    case 'remove':
      return { op, path, value: undefined, partialLists };
    default:
      // copy and move take a value from the stored object
      return undefined;
  }
}

/** The parts of a JSON pointer (RFC 6901); one part too many represents a longer path. */
function pathOf(operation: unknown): readonly string[] | undefined {
  const path = at(operation, 'path');
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/'))) return undefined;
  return path
    .slice(0, maxPathCharacters)
    .split('/', maxPathParts + 2)
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function edited(document: AuditEvent, edit: Edit): AuditEvent | undefined {
  const [key, ...rest] = edit.path;
  if (key === undefined) return isObject(edit.value) ? edit.value : undefined;
  if (edit.path.length > maxPathParts) return document;
  if (rest.length === 0) return { ...document, [key]: edit.value };
  const inner = editedValue(Object.hasOwn(document, key) ? document[key] : undefined, {
    ...edit,
    path: rest,
  });
  return inner && { ...document, [key]: inner };
}

function editedValue(current: unknown, edit: Edit): AuditEvent | readonly unknown[] | undefined {
  if (Array.isArray(current)) {
    return edit.partialLists.has(current) ? editedPartialList(current, edit) : editedList(current, edit);
  }
  if (isObject(current)) return edited(current, edit);
  if (isPlace(edit.path[0])) return editedPartialList([], edit);
  return edited({}, edit);
}

/** A list that the patch itself set: every item is known. */
function editedList(list: readonly unknown[], edit: Edit): readonly unknown[] | undefined {
  const [place, ...rest] = edit.path;
  if (!isPlace(place)) return undefined;
  const index = place === '-' ? list.length : Number(place);
  if (rest.length > 0) {
    const item = list[index];
    const inner = isObject(item) ? edited(item, { ...edit, path: rest }) : undefined;
    return inner && list.with(index, inner);
  }
  switch (edit.op) {
    case 'add':
      return index > list.length ? undefined : list.toSpliced(index, 0, edit.value);
    case 'replace':
      return index >= list.length ? undefined : list.with(index, edit.value);
    case 'remove':
      return index >= list.length ? undefined : list.toSpliced(index, 1);
  }
}

/** Of a list with unknown items only an addition has a known effect. */
function editedPartialList(list: readonly unknown[], edit: Edit): readonly unknown[] | undefined {
  if (edit.op !== 'add' || edit.path.length > 1 || !isPlace(edit.path[0])) return undefined;
  const longer = [...list, edit.value];
  edit.partialLists.add(longer);
  return longer;
}

function isPlace(part: string | undefined): boolean {
  return part !== undefined && /^(?:-|0|[1-9]\d*)$/.test(part);
}
