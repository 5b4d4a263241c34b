import { statSync } from 'node:fs';
import { counted, sizeText } from '../amounts.ts';

/** How far a scan is: one line on a terminal, written over and over. */
export interface Progress {
  read(bytes: number): void;
  /** Takes the line away, so that something else can be printed there. */
  clear(): void;
}

const everyMs = 200;
const clearLine = '\r\u001b[K';

/**
 * @param files - whose sizes make the whole; one that has none, as a pipe, leaves the percentage out
 * @param write - to the terminal
 * @param findings - how many there are by now
 */
export function createProgress(
  files: readonly string[],
  write: (text: string) => void,
  findings: () => number,
  now: () => number = Date.now,
): Progress {
  const sizes = files.map(sizeOf);
  const total = sizes.includes(undefined)
    ? undefined
    : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  let done = 0;
  // a scan that is over at once shows nothing
  let writtenMs = now();
  let stands = false;
  return {
    read(bytes) {
      done += bytes;
      if (now() - writtenMs < everyMs) return;
      writtenMs = now();
      stands = true;
      const share = total ? ` of ${sizeText(total)} (${Math.floor((done / total) * 100)} %)` : '';
      write(`${clearLine}${sizeText(done)}${share} read, ${counted(findings(), 'finding')}`);
    },
    clear() {
      if (stands) write(clearLine);
      stands = false;
    },
  };
}

function sizeOf(path: string): number | undefined {
  try {
    const stats = statSync(path);
    return path !== '-' && stats.isFile() ? stats.size : undefined;
  } catch {
    return undefined;
  }
}
