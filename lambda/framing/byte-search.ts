import {
  countAt,
  hitsAt,
  kindChecked,
  kindGzip,
  kindNul,
  kindSpan,
  kindZstd,
  programAt,
  windowAt,
  windowBytes,
} from './memory-layout.ts';
import type { SearchProgram } from './search-program.ts';
import { wasmModule } from './wasm-module.ts';

/** What begins in bytes from one place up to another. */
export interface Found {
  readonly from: number;
  to: number;
  /** Where literals and escapes begin, in order. */
  readonly candidates: number[];
  hasNul: boolean;
  packed: PackedStart | undefined;
}

export interface PackedStart {
  readonly kind: 'gzip' | 'zstd';
  /** Of zstd, that of its second byte. */
  readonly at: number;
}

/** Whether a checked literal that begins at a place counts. */
export type Check = (bytes: Buffer, at: number) => boolean;

/** The one whose patterns are in the module's memory. */
let loaded: SearchProgram | undefined;

/**
 * Searches bytes window by window, from a place to their end or until there is enough.
 * @param isEnough - called before each window
 */
export function searchBytes(
  program: SearchProgram,
  bytes: Buffer,
  from: number,
  check: Check,
  isEnough: (found: Found) => boolean,
): Found {
  const found: Found = { from, to: from, candidates: [], hasNul: false, packed: undefined };
  const module = wasmModule(program.bytes.length);
  if (loaded !== program) module.bytes.set(program.bytes, programAt);
  loaded = program;
  while (found.to < bytes.length && !isEnough(found)) {
    const start = found.to;
    const end = Math.min(bytes.length, start + windowBytes + program.longest);
    module.bytes.set(bytes.subarray(start, end), windowAt);
    found.to = Math.min(bytes.length, start + windowBytes);
    for (let at = 0; at >= 0; ) {
      at = module.search(at, end - start, program.patterns);
      const { words } = module;
      const last = hitsAt / 4 + (words[countAt / 4] ?? 0);
      for (let index = hitsAt / 4; index < last; index += 1)
        addHit(found, words[index] ?? 0, start, bytes, check);
    }
  }
  return found;
}

function addHit(found: Found, hit: number, start: number, bytes: Buffer, check: Check): void {
  const kind = hit % kindSpan;
  const place = start + (hit - kind) / kindSpan;
  if (kind === kindNul) found.hasNul = true;
  else if (kind === kindGzip || kind === kindZstd)
    found.packed ??= { kind: kind === kindGzip ? 'gzip' : 'zstd', at: place };
  else if (kind !== kindChecked || check(bytes, place)) insert(found.candidates, place);
}

/** Only hits of patterns that overlap are not in order. */
function insert(places: number[], place: number): void {
  let index = places.length;
  while (index > 0 && (places[index - 1] ?? 0) > place) index -= 1;
  if (index === places.length) places.push(place);
  else places.splice(index, 0, place);
}
