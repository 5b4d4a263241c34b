import { type Stats, statSync } from 'node:fs';

/** `undefined` if there is none, or if it can't be seen: opening it then states the reason. */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
