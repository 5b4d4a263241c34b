import type { ScanOptions } from '../../../lambda/scan/input.ts';
import { scanBytes } from '../scan-bytes.ts';
import type { RereadableInput } from './rereadable-input.ts';

/** Reads an input once more. */
export interface SecondScan {
  readonly path: string;
  /** Whether it also finds the requests that may have been made with a certificate, in a log without credential ids. */
  readonly findsPossibleUses: boolean;
  /** @returns why the input could not be read to its end */
  scan(fingerprints: readonly string[], options: ScanOptions): Promise<string | undefined>;
  /** Deletes what was kept for it. */
  close(): Promise<void>;
}

export function inputAgain({ path, again, close }: RereadableInput): SecondScan {
  return {
    path,
    findsPossibleUses: true,
    close,
    scan: async (_, options) => (await scanBytes(again, options)).fault?.reason,
  };
}
