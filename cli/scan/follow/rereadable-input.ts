import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileErrorReason } from '../../../lambda/file-error.ts';
import type { Input } from '../../../lambda/scan/input.ts';
import { type ByteRef, byteInput, type OpenOptions } from '../file-input.ts';
import { statsOf } from '../file-stats.ts';
import { inputText } from '../input-ref.ts';

/** An input that can be read a second time. */
export interface RereadableInput {
  readonly path: string;
  readonly first: Input;
  /** The same bytes; opening it fails if they could not be kept. */
  readonly again: Input;
  /** Deletes what was kept. */
  close(): Promise<void>;
}

/** Standard input and pipes can be read only once, so their bytes are copied to a temporary file as they are read. */
export function rereadableInput(ref: ByteRef, options: OpenOptions): RereadableInput {
  const path = inputText(ref);
  const first = byteInput(ref, options);
  const again = byteInput(ref, { ...options, onBytes: undefined });
  if (ref.kind === 'object' || isRegularFile(path)) return { path, first, again, close: async () => {} };
  const copy = new TemporaryCopy();
  return {
    path,
    first: { ...first, open: async () => copy.while(await first.open()) },
    again: { ...first, open: async () => copy.read() },
    close: () => copy.close(),
  };
}

function isRegularFile(path: string): boolean {
  // a file that does not exist fails at both readings
  return path !== '-' && (statsOf(path)?.isFile() ?? true);
}

/** Holds what was read of a pipe. Only this user can read the file. */
class TemporaryCopy {
  private folder: string | undefined;
  private handle: FileHandle | undefined;
  private failure: Error | undefined;

  /** The chunks, each copied before it is yielded. A full disk does not end the first reading. */
  async *while(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      await this.write(chunk);
      yield chunk;
    }
  }

  async *read(): AsyncGenerator<Uint8Array> {
    if (this.failure) throw this.failure;
    // without a handle, nothing was read
    if (this.handle) yield* this.handle.createReadStream({ start: 0, autoClose: false });
  }

  async close(): Promise<void> {
    await this.handle?.close();
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }

  private async write(chunk: Uint8Array): Promise<void> {
    if (this.failure) return;
    try {
      this.folder ??= await mkdtemp(join(tmpdir(), 'csrwatch-'));
      this.handle ??= await open(join(this.folder, 'input'), 'wx+', 0o600);
      await this.handle.appendFile(chunk);
    } catch (error) {
      this.failure = new Error(`the copy for a second reading failed: ${fileErrorReason(error)}`, {
        cause: error,
      });
    }
  }
}
