import { visible } from '../../lambda/text/visible-text.ts';
import { counted, sizeText } from '../amounts.ts';

/** The progress of a scan: one line on a terminal that is overwritten. */
export interface Progress {
  /** @param input - what the bytes are of */
  read(bytes: number, input: string): void;
  /** Clears the line, so that something else can be printed there. */
  clear(): void;
}

const everyMs = 200;
const clearLine = '\r\u001b[K';
const nameCharacters = 30;

/**
 * @param totalBytes - the share and the time left are shown only if it is known; a pipe has no size
 * @param write - to the terminal
 * @param findings - the current number of findings
 */
export function createProgress(
  totalBytes: number | undefined,
  write: (text: string) => void,
  findings: () => number,
  now: () => number = Date.now,
): Progress {
  let done = 0;
  const beganMs = now();
  // a short scan shows nothing
  let writtenMs = beganMs;
  let isShown = false;
  return {
    read(bytes, input) {
      done += bytes;
      const nowMs = now();
      if (nowMs - writtenMs < everyMs) return;
      writtenMs = nowMs;
      isShown = true;
      const perSecond = (done / (nowMs - beganMs)) * 1_000;
      const share = totalBytes
        ? ` of ${sizeText(totalBytes)} (${Math.floor((done / totalBytes) * 100)} %)`
        : '';
      const left = totalBytes ? `, ${timeText((totalBytes - done) / perSecond)} left` : '';
      const name = input.length > nameCharacters ? `…${input.slice(1 - nameCharacters)}` : input;
      const text = `${visible(name)}: ${sizeText(done)}${share}, ${sizeText(perSecond)}/s${left}, ${counted(findings(), 'finding')}`;
      write(`${clearLine}${text}`);
    },
    clear() {
      if (isShown) write(clearLine);
      isShown = false;
    },
  };
}

function timeText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return whole < 120 ? `${whole} s` : `${Math.ceil(whole / 60)} min`;
}
