import type { Writable } from 'node:stream';
import type { Paper } from '../report/paper.ts';

/** Where a scan writes to, and how wide and colorful it may be there. */
export interface Terminal extends Paper {
  readonly out: Writable;
  readonly err: Writable;
  /** Whether how far the scan is may be written to `err`. */
  readonly progress: boolean;
}

/** A standard stream: only a terminal says that it is one, and how wide. */
interface Stream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What stands where no terminal says how wide it is. */
const defaultColumns = 100;

/** @param env - `NO_COLOR` takes colors away (no-color.org); a `dumb` terminal has none and no line to write over */
export function terminalOf(
  { stdout, stderr }: { readonly stdout: Stream; readonly stderr: Stream },
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isDumb = env['TERM'] === 'dumb';
  return {
    out: stdout,
    err: stderr,
    color: stdout.isTTY === true && !isDumb && !env['NO_COLOR'],
    width: stdout.columns || defaultColumns,
    progress: stderr.isTTY === true && !isDumb,
  };
}
