import type { Writable } from 'node:stream';
import type { Paper } from '../report/paper.ts';

/** Where a scan writes to, and whether colors and progress may be used there. */
export interface Terminal extends Paper {
  readonly out: Writable;
  readonly err: Writable;
  /** Whether progress may be written to `err`. */
  readonly progress: boolean;
}

/** A standard stream; only terminals have these properties. */
interface Stream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Used if a terminal does not state its width. */
const defaultColumns = 100;

/** @param env - `NO_COLOR` turns colors off (no-color.org); a `dumb` terminal has no colors and cannot overwrite a line */
export function terminalOf(
  { stdout, stderr }: { readonly stdout: Stream; readonly stderr: Stream },
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isDumb = env['TERM'] === 'dumb';
  return {
    out: stdout,
    err: stderr,
    color: stdout.isTTY === true && !isDumb && !env['NO_COLOR'],
    width: stdout.isTTY === true ? stdout.columns || defaultColumns : Number.POSITIVE_INFINITY,
    progress: stderr.isTTY === true && !isDumb,
  };
}
