import { statSync } from 'node:fs';
import { counted, sizeText } from '../amounts.ts';

/** The progress of a scan: one line on a terminal that is overwritten. */
export interface Progress {
  read(bytes: number): void;
  /** Clears the line, so that something else can be printed there. */
  clear(): void;
}

const everyMs = 200;
const clearLine = '\r\u001b[K';

/**
 * @param files - a percentage is shown only if the sizes of all are known; a pipe has none
 * @param write - to the terminal
 * @param findings - the current number of findings
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
  // a short scan shows nothing
  let writtenMs = now();
  let isShown = false;
  return {
    read(bytes) {
      done += bytes;
      if (now() - writtenMs < everyMs) return;
      writtenMs = now();
      isShown = true;
      const share = total ? ` of ${sizeText(total)} (${Math.floor((done / total) * 100)} %)` : '';
      write(`${clearLine}${sizeText(done)}${share} read, ${counted(findings(), 'finding')}`);
    },
    clear() {
      if (isShown) write(clearLine);
      isShown = false;
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
